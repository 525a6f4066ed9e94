import { hashValidators } from '@heddle/types';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Chain } from '../src/chain/chain.ts';
import { buildGenesis } from '../src/genesis/genesis-block.ts';
import { StateAt } from '../src/rpc-backend/state-at.ts';
import { ShortChain, shortEpochs } from './support/short-chain.ts';

const FUNDED = '0x00000000000000000000000000000000000000f1';
const EPOCH_LENGTH = 300n;
const HEIGHT = 310n;
const genesis = shortEpochs(EPOCH_LENGTH, 4, [FUNDED]);

/** Past the first boundary, whose set was named 160 blocks ago. */
describe('a chain longer than its history of states', () => {
  let short: ShortChain;

  beforeEach(async () => {
    short = await ShortChain.open(genesis);
    await short.finalize(short.grow(EPOCH_LENGTH));
    await short.finalize(short.grow(HEIGHT));
  });

  afterEach(() => short.close());

  test('has the state of its newest 128 blocks, and says so for older ones', () => {
    const { chain } = short;
    const balanceAt = (number: bigint): bigint | undefined =>
      new StateAt(chain, number).shard(0).account(FUNDED)?.balance;
    expect(balanceAt(HEIGHT)).toBe(10n ** 18n);
    expect(balanceAt(HEIGHT - 127n)).toBe(10n ** 18n);
    expect(() => balanceAt(HEIGHT - 128n)).toThrow(
      'state of block 182 is not there: this node keeps the state of blocks 183 to 310 (the newest 128); ' +
        'start with --archive to keep all',
    );
    expect(() => new StateAt(chain, 0n).residence(FUNDED)).toThrow(
      expect.objectContaining({ code: 'STATE_UNAVAILABLE', facts: { block: 0n, oldest: 183n, newest: 310n } }),
    );
  });

  test('still knows whom an older state has named, after a restart too', () => {
    const opened = new Chain(buildGenesis(genesis), short.chain.store, () => null);
    const set = opened.validatorSets.ofEpoch(1n);
    expect(set).toEqual({ epoch: 1n, validators: genesis.validators, hash: hashValidators(genesis.validators) });
  });
});
