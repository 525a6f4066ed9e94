import { createMempool, type TransactionPool } from '@heddle/mempool';
import { genesisLayer, type StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type Hash, type RecoveredTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { OVERDUE_HEIGHTS } from '../src/limits.ts';
import { Routes } from '../src/pool/routes.ts';
import { SectionCandidates } from '../src/pool/section-candidates.ts';
import { type TestAccount, testAccounts } from './support/network.ts';
import { ordered } from './support/section-bench.ts';

const SHARDS = 2;
const ACCOUNTS = testAccounts(SHARDS);

function account(shard: number, position: number): TestAccount {
  const found = ACCOUNTS.filter((candidate) => candidate.shard === shard)[position];
  if (found === undefined) throw new Error('there are four on each shard');
  return found;
}

const [ALICE, BOB, FAR] = [account(0, 0), account(0, 1), account(1, 0)];

/** All accounts rich, with these nonces where they are not 0. */
function statesWith(nonces: ReadonlyMap<Address, bigint>): readonly StateReader[] {
  return [0, 1].map((shard) => {
    const mine = ACCOUNTS.filter((candidate) => candidate.shard === shard);
    const fields = mine.map(({ address }) => {
      const nonce = nonces.get(address) ?? 0n;
      return [address, { nonce, balance: 10n ** 20n, codeHash: EMPTY_CODE_HASH }] as const;
    });
    return genesisLayer({ accounts: new Map(fields), storage: new Map(), codes: new Map() });
  });
}

const FRESH = statesWith(new Map());

function poolWith(transactions: readonly RecoveredTransaction[]): TransactionPool {
  const rules = {
    chainId: 31_337n,
    chunkGasLimit: () => 40_000_000n,
    shardCount: SHARDS,
    isDevnet: true,
    tooHeavy: () => null,
    minimumFeeCap: () => 0n,
  };
  const source = { nonce: () => 0n, finalNonce: () => 0n, balance: () => 10n ** 20n, hasCode: () => false };
  const pool = createMempool(rules, source);
  for (const transaction of transactions) expect(pool.add(transaction)).toMatchObject({ ok: true });
  return pool;
}

/** What a leader offers at the height on blocks that changed nothing, the chunks having left these states. */
function offered(candidates: SectionCandidates, height = 1n, after = FRESH, baseFee = 0n): readonly Hash[] {
  const view = { states: FRESH, sectionBaseFee: baseFee };
  return [...candidates.of({ height, view, after })].map(({ hash }) => hash);
}

function candidatesOf(transactions: readonly RecoveredTransaction[]): SectionCandidates {
  return new SectionCandidates({
    pool: poolWith(transactions),
    routes: new Routes({ shardCount: SHARDS, dispatch: false }),
  });
}

describe('what a leader offers to its section', () => {
  const away = ordered(ALICE, { to: FAR.address });
  const next = ordered(ALICE, { to: FAR.address, nonce: 1n });
  const local = ordered(BOB, { to: ALICE.address });
  const behindLocal = ordered(BOB, { to: FAR.address, nonce: 1n });

  test('what goes that way, a sender’s by nonce', () => {
    expect(offered(candidatesOf([next, away]))).toEqual([away.hash, next.hash]);
  });

  test('what is local is left to the chunks, and so is what waits behind it', () => {
    expect(offered(candidatesOf([local, behindLocal, away]))).toEqual([away.hash]);
  });

  test('a local one follows where its sender’s earlier one goes: no chunk of this block can take it', () => {
    const follows = ordered(ALICE, { to: BOB.address, nonce: 1n });
    const onward = ordered(ALICE, { to: FAR.address, nonce: 2n });
    expect(offered(candidatesOf([away, follows, onward]))).toEqual([away.hash, follows.hash, onward.hash]);
  });

  test('the nonce that this block’s chunk has used is done: the next one follows in the same block', () => {
    const after = statesWith(new Map([[BOB.address, 1n]]));
    expect(offered(candidatesOf([local, behindLocal]), 1n, after)).toEqual([behindLocal.hash]);
  });

  test('what can’t pay the section’s base fee waits', () => {
    const poor = ordered(ALICE, { to: FAR.address, maxFeePerGas: 10n ** 9n });
    expect(offered(candidatesOf([poor]), 1n, FRESH, 10n ** 9n)).toEqual([poor.hash]);
    expect(offered(candidatesOf([poor]), 1n, FRESH, 10n ** 9n + 1n)).toEqual([]);
  });

  test('a local one that chunks have left lying is taken when it is overdue', () => {
    const candidates = candidatesOf([local, behindLocal]);
    for (let height = 1n; height <= OVERDUE_HEIGHTS; height++) expect(offered(candidates, height)).toEqual([]);
    expect(offered(candidates, 1n + OVERDUE_HEIGHTS)).toEqual([local.hash, behindLocal.hash]);
  });

  test('it counts from when it was the sender’s next', () => {
    const second = ordered(BOB, { to: ALICE.address, nonce: 1n });
    const candidates = candidatesOf([local, second]);
    offered(candidates, 1n);
    const after = statesWith(new Map([[BOB.address, 1n]]));
    expect(offered(candidates, 1n + OVERDUE_HEIGHTS, after)).toEqual([]);
    expect(offered(candidates, 1n + 2n * OVERDUE_HEIGHTS, after)).toEqual([second.hash]);
  });
});
