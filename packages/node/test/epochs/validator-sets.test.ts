import { blsScheme } from '@heddle/consensus';
import { peerOf } from '@heddle/network';
import { blsProvePossession, blsPublicKey } from '@heddle/primitives';
import { type Genesis, hashValidators, type Validator } from '@heddle/types';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ValidatorsByEpoch } from '../../src/epochs/epoch-validators.ts';
import { readRegistry } from '../../src/epochs/registry-storage.ts';
import { devnetValidatorKeys } from '../../src/genesis/devnet-genesis.ts';
import { ShortChain, shortEpochs } from '../support/short-chain.ts';

const LENGTH = 6n;
const KEYS = devnetValidatorKeys(6);
const GOOD: readonly Validator[] = KEYS.map((key) => ({
  publicKey: blsPublicKey(key),
  proofOfPossession: blsProvePossession(key),
}));

let short: ShortChain | null = null;

afterEach(async () => {
  await short?.close();
});

async function open(validators: readonly Validator[]): Promise<ShortChain> {
  const genesis: Genesis = { ...shortEpochs(LENGTH), validators };
  short = await ShortChain.open(genesis);
  return short;
}

function entry(key: number, proof: number): Validator {
  const [owner, prover] = [GOOD[key], GOOD[proof]];
  if (owner === undefined || prover === undefined) throw new Error('there are six keys');
  return { publicKey: owner.publicKey, proofOfPossession: prover.proofOfPossession };
}

describe('the registry', () => {
  test('holds the genesis validators, word for word', async () => {
    const { chain } = await open(GOOD);
    expect(readRegistry(chain.shardTip(chain.tree.root, 0).state)).toEqual(GOOD);
  });

  test('names the set of the next epoch, in its order', async () => {
    const { chain, grow, genesisSet } = bound(await open(GOOD));
    const tip = grow(LENGTH);
    expect(chain.validatorSets.ofChildren(tip)).toEqual({ ...genesisSet, epoch: 1n });
  });

  test('bad proofs and keys that stand there already are skipped', async () => {
    const listed = [entry(2, 2), entry(3, 4), entry(2, 2), entry(0, 0), entry(2, 5), entry(1, 1)];
    const { chain, grow } = bound(await open(listed));
    const kept = [entry(2, 2), entry(0, 0), entry(1, 1)];
    expect(chain.validatorSets.ofChildren(grow(LENGTH))).toEqual({
      epoch: 1n,
      validators: kept,
      hash: hashValidators(kept),
    });
  });

  test('a key comes after its own bad entry', async () => {
    const { chain, grow } = bound(await open([entry(3, 4), entry(1, 1), entry(3, 3)]));
    expect(chain.validatorSets.ofChildren(grow(LENGTH)).validators).toEqual([entry(1, 1), entry(3, 3)]);
  });

  test('without one good entry the set stays, over any number of epochs', async () => {
    const listed = [entry(0, 1), entry(1, 0)];
    const { chain, grow } = bound(await open(listed));
    const tip = grow(5n * LENGTH);
    expect(chain.validatorSets.ofChildren(tip)).toEqual({
      epoch: 5n,
      validators: listed,
      hash: hashValidators(listed),
    });
  });
});

describe('a set', () => {
  test('is the same whether the block that names it is final or not', async () => {
    const opened = bound(await open([entry(0, 0), entry(1, 2), entry(4, 4)]));
    const tip = opened.grow(LENGTH);
    const before = opened.chain.validatorSets.ofChildren(tip);
    await opened.finalize(tip);
    expect(opened.chain.validatorSets.ofChildren(opened.chain.tree.root)).toEqual(before);
    const later = opened.grow(LENGTH + 2n);
    expect(opened.chain.validatorSets.ofChildren(later)).toEqual(before);
  });

  test('is what headers name: the next one from the boundary on', async () => {
    const { chain, grow, genesisSet } = bound(await open([entry(0, 0), entry(1, 2)]));
    const tip = grow(LENGTH + 1n);
    const named = chain.tree.pathFromRoot(tip.hash)?.map(({ block }) => block.header.parentBeaconBlockRoot);
    const next = hashValidators([entry(0, 0)]);
    expect(named).toEqual([...Array(Number(LENGTH) - 1).fill(genesisSet.hash), next, next]);
  });
});

describe('the validators of an epoch', () => {
  test('are known by their keys, whatever their index', async () => {
    const opened = bound(await open([entry(5, 0), entry(0, 0), entry(1, 1)]));
    const validatorsByEpoch = new ValidatorsByEpoch(opened.chain, blsScheme);
    const first = validatorsByEpoch.ofChildren(opened.chain.tree.root);
    const second = validatorsByEpoch.ofChildren(opened.grow(LENGTH));
    const peers = [5, 0, 1].map((key) => peerOf(entry(key, 0).publicKey));
    expect(peers.map((peer) => first.indexOf(peer))).toEqual([0, 1, 2]);
    expect(peers.map((peer) => second.indexOf(peer))).toEqual([null, 0, 1]);
    expect(second.peerAt(1)).toBe(peers[2]);
    expect(second.domain).toMatchObject({ epoch: 1n, validatorSetHash: second.set.hash });
    expect(validatorsByEpoch.ofChildren(opened.grow(LENGTH))).toBe(second);
  });
});

/** The parts of a chain that tests use, as functions of their own. */
function bound(opened: ShortChain): Pick<ShortChain, 'chain' | 'genesisSet' | 'grow' | 'finalize'> {
  const { chain, genesisSet } = opened;
  return { chain, genesisSet, grow: (height) => opened.grow(height), finalize: (block) => opened.finalize(block) };
}
