import { hexToBytes } from '@heddle/primitives';
import { createShardRules, home } from '@heddle/sharding';
import { createLayer, genesisLayer, type StateSnapshot } from '@heddle/state';
import { type Address, type RecoveredTransaction, ZERO_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenLaws, printChanges } from '../scripts/section-laws.ts';
import { joinStates } from '../scripts/spread-state.ts';
import {
  type ChunkContext,
  chunkEnvironment,
  executeSection,
  executeSectionInSteps,
  executeTransaction,
  produceChunk,
  SectionBuilder,
  type SectionOutcome,
  World,
} from '../src/index.ts';
import { addressOf } from './support/chunk-people.ts';
import {
  COUNTER,
  creationAddress,
  DELEGATOR,
  DESTROYER,
  FACTORY,
  FORWARDER,
  initCodeOf,
  OBSERVER,
  REVERTER,
  wordOf,
} from './support/chunk-programs.ts';
import {
  ALICE,
  BASE_FEE,
  BOB,
  chunksWith,
  flatStates,
  GAS_LIMIT,
  HEIGHT,
  SHARDS,
  sectionContext,
  TIME,
  transact,
} from './support/section-case.ts';

const PROGRAMS = [COUNTER, DELEGATOR, DESTROYER, FACTORY, FORWARDER, OBSERVER, REVERTER];
/** Each program on either shard, all of them with their home on shard 0. */
const CONTRACTS = [0, 1].flatMap((shard) =>
  PROGRAMS.map((code, index) => ({ address: addressOf(0, SHARDS, shard * 10 + index), code, shard, balance: 40n })),
);
const SHA256: Address = `0x${'0'.repeat(39)}2`;
const TARGETS: readonly Address[] = [
  ...CONTRACTS.map(({ address }) => address),
  ALICE,
  BOB,
  SHA256,
  creationAddress(ALICE, 1n),
  creationAddress(BOB, 1n),
];
const INITS = [initCodeOf(COUNTER), initCodeOf(DESTROYER), hexToBytes('0x33ff'), hexToBytes('0x5f5ffd')];

/** Calls and creations; nonces are given when they are put in a row. */
const step = fc.record({
  isBobs: fc.boolean(),
  to: fc.option(fc.constantFrom(...TARGETS), { freq: 6 }),
  value: fc.constantFrom(0n, 0n, 1n, 30n),
  data: fc.oneof(fc.constantFrom(...TARGETS).map(wordOf), fc.constantFrom(...INITS)),
  gasLimit: fc.constantFrom(90_000n, 400_000n, 400_000n),
});
const steps = fc.array(step, { minLength: 1, maxLength: 6 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function inARow(list: readonly Step[]): readonly RecoveredTransaction[] {
  let [alice, bob] = [0n, 0n];
  return list
    .map(({ isBobs, ...fields }) =>
      transact({ ...fields, from: isBobs ? BOB : ALICE, nonce: isBobs ? bob++ : alice++ }),
    )
    .filter(({ fields }) => fields.gasLimit >= 90_000n);
}

function genesis(): readonly StateSnapshot[] {
  return flatStates(CONTRACTS).map((state) => genesisLayer(state));
}

/** Transactions of which some may be too dear for their gas limit: a section has only those that are valid. */
function built(transactions: readonly RecoveredTransaction[], states: readonly StateSnapshot[]): SectionOutcome {
  const builder = new SectionBuilder(sectionContext(), states);
  for (const transaction of transactions) builder.offer(transaction);
  return builder.finish();
}

function print({ changes, accessLists, executed, gasUsed, burned, tips, logsBloom }: SectionOutcome): string {
  const parts = [accessLists, executed, gasUsed, burned, tips, logsBloom];
  return (
    changes.map(printChanges).join() + JSON.stringify(parts, (_k, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))
  );
}

describe('any section', () => {
  test('is Ethereum on the sum of the shards, and keeps the laws', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const flat = flatStates(CONTRACTS);
        const states = flat.map((state) => genesisLayer(state));
        const one = genesisLayer(joinStates(flat, 0));
        const outcome = built(inARow(list), states);
        expect(brokenLaws(outcome, states)).toEqual([]);
        const world = new World(one);
        for (const [index, { transaction, receipt, gasUsed }] of outcome.executed.entries()) {
          world.beginIndex(index + 1);
          const context = sectionContext();
          const there = executeTransaction(
            world,
            chunkEnvironment(context, context.baseFeePerGas),
            transaction,
          ).outcome;
          expect([receipt.status, gasUsed, receipt.logs]).toEqual([there.status, BigInt(there.gasUsed), there.logs]);
        }
        for (const [shard, state] of flat.entries()) state.apply(outcome.changes[shard] ?? state);
        expect(genesisLayer(joinStates(flat, 0)).root).toBe(createLayer(one, world.changes()).root);
      }),
      { numRuns: 60 },
    );
  });

  test('is the same in steps, at once and candidate by candidate', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const states = genesis();
        const outcome = built(inARow(list), states);
        const bodies = outcome.executed.map(({ transaction }) => transaction);
        expect(print(executeSection(sectionContext(), states, bodies))).toBe(print(outcome));
        const run = executeSectionInSteps(sectionContext(), states, bodies);
        let pauses = 0;
        let next = run.next();
        for (; next.done !== true; next = run.next()) pauses++;
        expect(pauses).toBe(bodies.length);
        expect(print(next.value)).toBe(print(outcome));
      }),
      { numRuns: 20 },
    );
  });

  test('says of a transaction that it is local if and only if a chunk of its sender’s shard takes it', () => {
    fc.assert(
      fc.property(step, (one) => {
        const states = genesis();
        const [transaction] = inARow([one]);
        if (transaction === undefined) return;
        const { executed } = built([transaction], states);
        const { included, rejected } = chunkOf(transaction, states);
        if (executed.length === 0) expect(included).toEqual([]);
        else expect(executed[0]?.isLocal).toBe(included.length === 1);
        expect(rejected.some(({ isRemote }) => isRemote)).toBe(executed.length === 1 && included.length === 0);
      }),
      { numRuns: 150 },
    );
  });
});

test.each([0, 1])('paying a precompile is local at its home only, as seen from shard %i', (shard) => {
  const from = shard === 0 ? ALICE : BOB;
  const paid = built([transact({ from, to: SHA256, value: 1n })], genesis());
  expect(paid.executed[0]?.isLocal).toBe(home(SHA256, SHARDS) === shard);
  expect(built([transact({ from, to: SHA256 })], genesis()).executed[0]?.isLocal).toBe(true);
});

/** A chunk of the sender's shard that is offered the transaction alone. */
function chunkOf(transaction: RecoveredTransaction, states: readonly StateSnapshot[]): ReturnType<typeof produceChunk> {
  const shard = home(transaction.sender, SHARDS);
  const [state, parentChunk] = [states[shard], chunksWith()[shard]];
  if (state === undefined || parentChunk === undefined) throw new Error(`no shard ${shard}`);
  const context: ChunkContext = {
    chainId: 31_337n,
    shard,
    shardCount: SHARDS,
    height: HEIGHT,
    timestamp: TIME,
    coinbase: sectionContext().coinbase,
    prevRandao: ZERO_HASH,
    parentBlockHash: ZERO_HASH,
    parentBeaconBlockRoot: ZERO_HASH,
    parentChunk: { ...parentChunk, height: HEIGHT - 1n, coveredHeight: HEIGHT - 1n },
    parentChunkHash: ZERO_HASH,
    gasLimit: GAS_LIMIT,
    baseFees: [BASE_FEE, BASE_FEE],
    allowances: [0n, 0n],
    ancestor: () => null,
    dispatch: false,
    queue: [],
  };
  return produceChunk(context, state, createShardRules({ shard, shardCount: SHARDS }), [transaction], GAS_LIMIT);
}
