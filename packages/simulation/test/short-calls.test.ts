import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inlineRunner, ShortCalls, type Tasks } from '../src/index.ts';
import {
  HEAVY_REST,
  MAX_IN_VAIN,
  MAX_SHORT_BLOCK_HASHES,
  MAX_SHORT_DATA_BYTES,
  SHORT_CALL_GAS,
} from '../src/short/limits.ts';
import { CALLER, CONTRACT, callTask, ENDLESS, RETURN_TOP, wordOf } from './support/calls.ts';
import { PLACES, placeAddress, worlds } from './support/programs.ts';
import { account, TestShards } from './support/shards.ts';

const STAYING: AbortSignal = new AbortController().signal;
const SLOW: Address = `0x${'51'.repeat(20)}`;
const CONSOLE = '73000000000000000000636f6e736f6c652e6c6f67';

function open(code: string): { readonly shards: TestShards; readonly short: ShortCalls } {
  const shards = new TestShards(2, [
    account(CONTRACT, { code, storage: new Map([[1n, 41n]]) }),
    account(SLOW, { code: ENDLESS }),
  ]);
  return { shards, short: new ShortCalls(shards) };
}

describe('calls on the spot', () => {
  test('give what the engine gives, or nothing: calls over one and four shards', async () => {
    let done = 0;
    const message = fc.record({
      to: fc.nat(PLACES - 1).map(placeAddress),
      value: fc.constantFrom(0n, 0n, 1n),
      gas: fc.constantFrom(null, 20_000n, 24_000n, 40_000n),
    });
    const world = fc.constantFrom(1, 4).chain((count) => fc.tuple(fc.constant(count), worlds(count)));
    await fc.assert(
      fc.asyncProperty(
        world,
        fc.array(message, { minLength: 1, maxLength: 6 }),
        async ([count, accounts], messages) => {
          const shards = new TestShards(count, accounts);
          const short = new ShortCalls(shards);
          for (const fields of messages) {
            const task = callTask(shards, fields);
            const result = short.attempt(task);
            if (result === null) continue;
            done++;
            expect(result).toEqual(await inlineRunner(shards).run('call', task, STAYING));
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(done).toBeGreaterThan(50);
  });

  test('see all of their gas, and what they say to the console', async () => {
    const { shards, short } = open(`5f5f5f5f5f${CONSOLE}5af1505a${RETURN_TOP}`);
    const task = callTask(shards);
    const result = short.attempt(task);
    expect(result).toEqual(await inlineRunner(shards).run('call', task, STAYING));
    expect(result?.console).toHaveLength(1);
    if (result !== null) expect(wordOf(result.outcome)).toBeGreaterThan(BigInt(SHORT_CALL_GAS));
  });

  test('are given up at the bound, also in a callee, and at what takes long for its gas', () => {
    const called = `5f5f5f5f5f73${SLOW.slice(2)}5af1`;
    // Precompiles: ECRECOVER, SHA256.
    const cases = { [ENDLESS]: false, [called]: false, '5f5f5f5f5f60015af1': false, '5f5f5f5f5f60025af1': true };
    for (const [code, isDone] of Object.entries(cases)) {
      const { shards, short } = open(code);
      expect(short.attempt(callTask(shards)) !== null).toBe(isDone);
    }
  });

  test('read only some block hashes', () => {
    const hashes = (count: number): string => {
      return Array.from({ length: count }, (_, i) => `60${(10 + i).toString(16).padStart(2, '0')}4050`).join('');
    };
    for (const [count, isDone] of [
      [MAX_SHORT_BLOCK_HASHES, true],
      [MAX_SHORT_BLOCK_HASHES + 1, false],
    ] as const) {
      const { shards, short } = open(hashes(count).repeat(2));
      expect(short.attempt(callTask(shards)) !== null).toBe(isDone);
      expect(short.attempt(callTask(shards, { data: Uint8Array.of(1) })) !== null).toBe(isDone);
    }
  });

  test('are not begun where more than gas decides how much work it is', () => {
    const { shards, short } = open(`600154${RETURN_TOP}`);
    const accessList = [{ address: CONTRACT, storageKeys: [] }];
    const overrides = new Map([[CALLER, { balance: 1n, nonce: null, code: null, state: null, stateDiff: null }]]);
    expect(short.attempt(callTask(shards, { to: null }))).toBeNull();
    expect(short.attempt(callTask(shards, { accessList }))).toBeNull();
    expect(short.attempt(callTask(shards, { data: new Uint8Array(MAX_SHORT_DATA_BYTES + 1) }))).toBeNull();
    expect(short.attempt({ ...callTask(shards), overrides })).toBeNull();
    expect(shards.reads).toBe(0);
    expect(short.attempt(callTask(shards))).not.toBeNull();
  });

  test('read nothing twice', () => {
    const { shards, short } = open(`600154${RETURN_TOP}`);
    short.attempt(callTask(shards));
    const { reads } = shards;
    expect(short.attempt(callTask(shards))).not.toBeNull();
    expect(shards.reads).toBe(reads);
  });

  test('leave a read that fails to whoever does the call', () => {
    const { shards, short } = open(`600154${RETURN_TOP}`);
    shards.slotTrouble = new RangeError('the disk is gone');
    expect(short.attempt(callTask(shards))).toBeNull();
  });
});

describe('calls that are too much for the spot', () => {
  const selector = (first: number): Uint8Array => Uint8Array.of(first, 0, 0, 1);

  test('are passed over for a while, and others of the contract are not', () => {
    // It never ends, but for a selector that does not begin with 0.
    const { shards, short } = open(`5f3560f81c600c575b6008565b600154${RETURN_TOP}`);
    const like = (gas: bigint | null): Tasks['call'] => callTask(shards, { data: selector(0), gas });
    expect(short.attempt(like(null))).toBeNull();
    // With little gas it would be short.
    for (let i = 0; i < HEAVY_REST; i++) expect(short.attempt(like(22_000n))).toBeNull();
    expect(short.attempt(callTask(shards, { data: selector(1) }))).not.toBeNull();
    expect(short.attempt(like(22_000n))?.outcome).toMatchObject({ kind: 'halt', reason: 'out of gas' });
  });

  test('are not tried for a while either where somebody varies them', () => {
    const { shards, short } = open(`600154${RETURN_TOP}`);
    for (let i = 0; i < MAX_IN_VAIN; i++) {
      expect(short.attempt(callTask(shards, { data: selector(i), to: SLOW }))).toBeNull();
    }
    for (let i = 0; i < HEAVY_REST; i++) expect(short.attempt(callTask(shards))).toBeNull();
    expect(short.attempt(callTask(shards))).not.toBeNull();
  });
});
