import { commitRoots } from '@heddle/execution';
import { EMPTY_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { verifyAccountProof, verifyStorageProof } from '@heddle/state';
import {
  type Address,
  type BlockAccessList,
  encodeAccessList,
  type Hash,
  hashBlockHeader,
  quorum,
  signersOf,
} from '@heddle/types';
import type { TestNetwork } from '../support/network.ts';
import { type Facts, onOneAndTwoShards, type Scenario, VALIDATORS } from './scenario.ts';
import { COUNTER, deployed, included, type Rpc, rpcOf } from './sections.ts';

const ABSENT: Address = `0x${'ab'.repeat(20)}`;

interface Called {
  readonly rpc: Rpc;
  readonly contract: Address;
  readonly hash: Hash;
  readonly number: bigint;
  readonly deployedIn: bigint;
}

/** The counter is deployed on shard 0 and called by an account of the last shard: its slot 0 is 1, then 2. */
async function calledCounter(network: TestNetwork): Promise<Called> {
  await network.startAll();
  const rpc = rpcOf(network);
  const contract = await deployed(network, rpc, COUNTER);
  const deployedIn = network.height;
  const call = { from: network.account(network.genesis.shardCount - 1, 1), to: contract, value: 0n, data: EMPTY_BYTES };
  const hashes: Hash[] = [];
  for (let i = 0; i < 2; i++) {
    const hash = network.submit(0, { ...call, gasLimit: 100_000n });
    await network.executed(hash);
    await network.idle();
    hashes.push(hash);
  }
  const [hash = '0x'] = hashes.slice(-1);
  const { block } = await included(rpc.chain, hash);
  return { rpc, contract, hash, number: block.block.header.number, deployedIn };
}

/** At the head and one block below it: flat state and the trie. */
async function proven(network: TestNetwork): Promise<Facts> {
  const { rpc, contract, number } = await calledCounter(network);
  const counted: bigint[] = [];
  let commits = true;
  for (const height of [number - 1n, number]) {
    const proof = await rpc.chain.prove(contract, [0n, 9n], height);
    const root = proof.stateRoots[proof.shard] ?? '0x';
    const account = verifyAccountProof(root, contract, proof.accountProof);
    const [slot, other] = proof.storageProofs;
    if (account === null || slot === undefined || other === undefined) throw new ImpossibleStateError('no proof');
    counted.push(verifyStorageProof(account.storageRoot, 0n, slot.proof));
    commits &&= verifyStorageProof(account.storageRoot, 9n, other.proof) === 0n && other.value === 0n;
    commits &&= account.codeHash === proof.codeHash && account.nonce === proof.nonce && slot.value === counted.at(-1);
    commits &&= rpc.chain.headerByNumber(height)?.header.stateRoot === commitRoots(proof.stateRoots);
  }
  const absent = await rpc.chain.prove(ABSENT, [], number);
  const nobody = verifyAccountProof(absent.stateRoots[absent.shard] ?? '0x', ABSENT, absent.accountProof);
  return { counted: counted.join(' '), commits, absenceIsProven: nobody === null };
}

function slotValue(list: BlockAccessList | null, contract: Address): bigint {
  const change = list?.find(({ address }) => address === contract)?.storageChanges[0];
  return change?.slot === 0n ? (change.changes.at(-1)?.value ?? -1n) : -1n;
}

async function listed(network: TestNetwork): Promise<Facts> {
  const { rpc, contract, hash, number, deployedIn } = await calledCounter(network);
  const list = await rpc.chain.accessList(number);
  // Throws for a list that is not canonical.
  const bytes = list === null ? EMPTY_BYTES : encodeAccessList(list);
  const sender = network.account(network.genesis.shardCount - 1, 1).address;
  const nonces = list?.find(({ address }) => address === sender)?.nonceChanges.map(({ nonce }) => nonce) ?? [];
  const creation = await rpc.chain.creation(contract, deployedIn);
  return {
    value: Number(slotValue(list, contract)),
    isEncoded: bytes.length > 0,
    nonces: nonces.join(' '),
    isFoundByChange: (await rpc.chain.changing(contract, number)).join() === hash,
    createdBySender: creation?.creator === network.account(0).address,
    emptyBlocksHaveLists: (await rpc.chain.accessList(1n)) !== null,
    genesisHasNone: (await rpc.chain.accessList(0n)) === null,
  };
}

async function certified(network: TestNetwork): Promise<Facts> {
  const { rpc, number } = await calledCounter(network);
  const found = rpc.shards.certificate(number);
  if (found === null) throw new ImpossibleStateError(`block ${number} has no certificate`);
  const { certificate, certifiedNumber, validators, message } = found;
  const certifiedBlock = rpc.chain.headerByNumber(certifiedNumber);
  return {
    names: certifiedBlock !== null && hashBlockHeader(certifiedBlock.header) === certificate.tuple.blockHash,
    covers: certifiedNumber >= number,
    isQuorum: signersOf(certificate.bitmap, validators.validators.length).length >= quorum(VALIDATORS),
    messageBytes: message.length,
    genesisHasNone: rpc.shards.certificate(0n) === null,
  };
}

async function headed(network: TestNetwork): Promise<Facts> {
  const { rpc, number } = await calledCounter(network);
  const head = rpc.shards.shardHead(0);
  return {
    isNewest: head.blockNumber === number,
    waiting: head.queuedMessages,
    allowances: head.allowances.length,
    hasPrice: head.nextBaseFeePerGas > 0n,
    unknownMessages: (await rpc.shards.message(`0x${'12'.repeat(32)}`)).length,
  };
}

/** What a user who believes nobody asks. */
export const PROOFS: readonly Scenario[] = [
  ...onOneAndTwoShards('accounts are proven', proven),
  ...onOneAndTwoShards('a block lists what it changed', listed),
  ...onOneAndTwoShards('a block is certified', certified),
  ...onOneAndTwoShards('a shard tells its head', headed),
];
