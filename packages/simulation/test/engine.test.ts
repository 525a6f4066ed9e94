import { bigintToBytes, hexToBytes } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import type { Tasks } from '../src/engine/job.ts';
import { CONSOLE_ADDRESS, NO_BLOCK_OVERRIDES, overrideBlock, runJob } from '../src/index.ts';
import type { BlockOverrides, CallMessage, CallOutcome, StateOverride } from '../src/types.ts';
import { BLOCK, CALLER, CONTRACT, callTask, RETURN_TOP, wordOf } from './support/calls.ts';
import { account, TestShards } from './support/shards.ts';

const OTHER: Address = `0x${'0a'.repeat(20)}`;
const WHOLE: StateOverride = { balance: null, nonce: null, code: null, state: null, stateDiff: null };

/** Two shards with one contract of this code. */
function shardsWith(code: string, storage: ReadonlyMap<bigint, bigint> = new Map()): TestShards {
  return new TestShards(2, [
    account(CONTRACT, { code, storage, balance: 5n }),
    account(CALLER, { balance: 10n ** 20n }),
    account(OTHER, { code: `60015460015f5500` }),
  ]);
}

function call(code: string, task: Partial<Tasks['call']> = {}, fields: Partial<CallMessage> = {}): CallOutcome {
  const shards = shardsWith(code, new Map([[1n, 11n]]));
  return runJob('call', { ...callTask(shards, fields), ...task }, shards).outcome;
}

function overriding(overrides: Partial<BlockOverrides>): Partial<Tasks['call']> {
  return { block: overrideBlock(BLOCK, { ...NO_BLOCK_OVERRIDES, ...overrides }) };
}

describe('a call', () => {
  test.each([
    ['NUMBER', '43', { number: 77n }, 77n],
    ['TIMESTAMP', '42', { time: 5n }, 5n],
    ['GASLIMIT', '45', { gasLimit: 9n }, 9n],
    ['COINBASE', '41', { feeRecipient: OTHER }, BigInt(OTHER)],
    ['PREVRANDAO', '44', { prevRandao: `0x${'01'.repeat(32)}` as const }, BigInt(`0x${'01'.repeat(32)}`)],
    ['BLOBBASEFEE', '4a', { blobBaseFee: 13n }, 13n],
  ])('sees %s as the block has it, or the override', (_name, opcode, overrides, expected) => {
    expect(wordOf(call(opcode + RETURN_TOP, overriding(overrides)))).toBe(expected);
    expect(wordOf(call(opcode + RETURN_TOP))).not.toBe(expected);
  });

  test('sees BASEFEE as 0 unless it pays for its gas, as in geth', () => {
    expect(wordOf(call(`48${RETURN_TOP}`, overriding({ baseFeePerGas: 99n })))).toBe(0n);
    expect(wordOf(call(`48${RETURN_TOP}`, overriding({ baseFeePerGas: 99n }), { maxFeePerGas: 100n }))).toBe(99n);
  });

  test('sees the hashes of final blocks before its own, 256 of them', () => {
    const hash = (number: number): string => `61${number.toString(16).padStart(4, '0')}40${RETURN_TOP}`;
    expect(wordOf(call(hash(49)))).not.toBe(0n);
    expect(wordOf(call(hash(50)))).toBe(0n);
    expect(wordOf(call(hash(49), overriding({ number: 400n })))).toBe(0n);
  });

  test('sees overridden storage, the rest of it as it is', () => {
    const slot = (overrides: Partial<StateOverride>, number: string): bigint =>
      wordOf(call(`60${number}54${RETURN_TOP}`, { overrides: new Map([[CONTRACT, { ...WHOLE, ...overrides }]]) }));
    expect(slot({}, '01')).toBe(11n);
    expect(slot({ stateDiff: new Map([[2n, 3n]]) }, '01')).toBe(11n);
    expect(slot({ stateDiff: new Map([[2n, 3n]]) }, '02')).toBe(3n);
    expect(slot({ state: new Map([[2n, 3n]]) }, '01')).toBe(0n);
  });

  test('reaches an account of another shard, listed or not', () => {
    for (const shard of [0, 1]) {
      const shards = new TestShards(2, [
        account(CONTRACT, { code: `73${OTHER.slice(2)}31${RETURN_TOP}`, shard }),
        account(OTHER, { balance: 33n, shard: 1 - shard }),
      ]);
      expect(wordOf(runJob('call', callTask(shards), shards).outcome)).toBe(33n);
    }
  });

  test('is capped in gas, and ends as geth says', () => {
    expect(call('5b5f56')).toEqual({ kind: 'halt', reason: 'out of gas', gasUsed: 50_000_000n });
    expect(call('5b5f56', {}, { gas: 60_000n })).toMatchObject({ gasUsed: 60_000n });
    expect(call('60aa5f5260205ffd')).toMatchObject({ kind: 'revert', returnData: bigintToBytes(0xaan, 32) });
    expect(call('00', {}, { gas: 1n })).toMatchObject({
      kind: 'invalid',
      reason: expect.stringMatching(/^intrinsic gas/),
    });
  });

  test('tells what was said to the console, in a reverted call too', () => {
    // Two calls to the console with 4 and 0 bytes of memory as input, then REVERT.
    const say = (length: string): string => `5f5f60${length}5f73${CONSOLE_ADDRESS.slice(2)}5afa50`;
    const shards = shardsWith(`63deadbeef5f526004601c5f5e${say('04')}${say('00')}5f5ffd`);
    const { outcome, console } = runJob('call', callTask(shards), shards);
    expect(outcome.kind).toBe('revert');
    expect(console).toEqual([hexToBytes('0xdeadbeef'), new Uint8Array()]);
  });
});

describe('an estimate', () => {
  function estimate(code: string, fields: Partial<CallMessage> = {}, nextTime = BLOCK.timestamp): bigint {
    const shards = shardsWith(code);
    const nextBlock = { ...BLOCK, number: BLOCK.number + 1n, timestamp: nextTime };
    const task = { ...callTask(shards, fields), gasCap: 16_777_216n, nextBlock };
    const { outcome } = runJob('estimate', task, shards);
    if (outcome.kind !== 'success') throw new Error(outcome.kind);
    const { gasUsed } = outcome;
    const limited = (gas: bigint): readonly string[] =>
      [BLOCK, nextBlock].map(
        (block) => runJob('call', { ...task, block, message: { ...task.message, gas } }, shards).outcome.kind,
      );
    expect(limited(gasUsed)).toEqual(['success', 'success']);
    expect(limited(gasUsed - 1n)).not.toEqual(['success', 'success']);
    return gasUsed;
  }

  test('is the least that is enough: without refund, with the stipend, with 63/64', () => {
    expect(estimate('00')).toBe(21_000n);
    // Stores and clears: the refund can't be spent.
    expect(estimate('60015f555f5f55')).toBeGreaterThan(21_000n + 20_000n);
    // Reverts when its callee fails, which gets 63/64 of what is left and gives most of it back.
    const callee = `5f5f5f5f5f73${OTHER.slice(2)}5af1`;
    expect(estimate(`${callee}6022575f5ffd5b00`)).toBeGreaterThan(21_000n);
    // Sends a wei on: the stipend of 2,300 gas comes on top.
    expect(estimate(`5f5f5f5f600173${CALLER.slice(2)}5af100`)).toBeGreaterThan(21_000n + 9_000n);
  });

  test('is enough in the same second and later', () => {
    // Stores in slot 0 when the time is that of the block, and nothing later; and the other way round.
    const stamp = BLOCK.timestamp.toString(16).padStart(8, '0');
    const atOnce = `4263${stamp}14600b57005b60015f5500`;
    expect(estimate(atOnce, {}, BLOCK.timestamp + 9n)).toBeGreaterThan(40_000n);
    const later = `4263${stamp}1415600c57005b60015f5500`;
    expect(estimate(later, {}, BLOCK.timestamp + 9n)).toBeGreaterThan(40_000n);
  });

  test('of a call that fails is how it fails', () => {
    const shards = shardsWith('5f5ffd');
    const { outcome } = runJob('estimate', { ...callTask(shards), nextBlock: BLOCK }, shards);
    expect(outcome.kind).toBe('revert');
  });
});

describe('an access list', () => {
  function listOf(code: string, fields: Partial<CallMessage> = {}): ReturnType<typeof runJob<'accessList'>> {
    const shards = shardsWith(code);
    return runJob('accessList', callTask(shards, fields), shards);
  }
  const key = (slot: bigint): string => `0x${slot.toString(16).padStart(64, '0')}`;

  test('has what code accesses, but sender, target and precompiles; slots of the target too', () => {
    const caller = `73${CALLER.slice(2)}3150`;
    const precompile = '600131506001545060055450';
    const { accessList, outcome } = listOf(`${caller}${precompile}5f5f5f5f5f73${OTHER.slice(2)}5af15000`);
    expect(accessList).toEqual([
      { address: OTHER, storageKeys: [key(0n), key(1n)] },
      { address: CONTRACT, storageKeys: [key(1n), key(5n)] },
    ]);
    const withList = listOf('00', { accessList });
    expect(withList.accessList).toEqual([
      { address: OTHER, storageKeys: [key(0n), key(1n)] },
      { address: CONTRACT, storageKeys: [key(1n), key(5n)] },
    ]);
    expect(outcome).toMatchObject({ kind: 'success' });
  });

  test('is that of a run with the list: code may do something else with it', () => {
    // Slot 1 is read always; slot 2 when less than 200 gas went for that: when slot 1 was warm.
    const { accessList } = listOf('5a600154505a900360c811600f57005b6002545000');
    expect(accessList).toEqual([{ address: CONTRACT, storageKeys: [key(1n), key(2n)] }]);
  });

  test('tells that the call failed, and that it is none', () => {
    expect(listOf('6001545f5ffd')).toMatchObject({
      accessList: [{ address: CONTRACT, storageKeys: [key(1n)] }],
      outcome: { kind: 'revert' },
    });
    expect(listOf('00', { gas: 1n })).toMatchObject({ accessList: [], outcome: { kind: 'invalid' } });
  });
});
