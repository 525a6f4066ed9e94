import { bytesToBigint, hexToBytes } from '@heddle/primitives';
import {
  type Address,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_REQUESTS_HASH,
  EMPTY_TRIE_ROOT,
  ZERO_HASH,
} from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import type { SimulatedBlockRequest, SimulatedCallRequest, SimulateTask } from '../src/engine/simulate/types.ts';
import { NO_BLOCK_OVERRIDES, ResultTooLargeError, runJob, type SimulatedBlock } from '../src/index.ts';
import type { CallMessage, StateOverride } from '../src/types.ts';
import { BLOCK, CALLER, CONTRACT, message, RETURN_TOP } from './support/calls.ts';
import { account, TestShards } from './support/shards.ts';

const ETHER = 10n ** 18n;
const HOME_OF_NOBODY: Address = `0x${'0b'.repeat(20)}`;
const ETHER_LOG: Address = `0x${'ee'.repeat(20)}`;
const NO_STATE: StateOverride = { balance: null, nonce: null, code: null, state: null, stateDiff: null };
/** Adds one to slot 0 and returns it. */
const COUNTER = `5f54600101805f55${RETURN_TOP}`;
/** Sends half of the call value on to nobody, then does as its call data says: 0 succeeds, other reverts. */
const SPLITTER = `5f5f5f5f6002340473${HOME_OF_NOBODY.slice(2)}5af1505f35602657005b5f5ffd`;

const shards = new TestShards(2, [
  account(CONTRACT, { code: COUNTER, storage: new Map([[0n, 7n]]) }),
  account(CALLER, { balance: ETHER }),
]);

function call(fields: Partial<CallMessage> = {}, nonce: bigint | null = null): SimulatedCallRequest {
  return { message: message(fields), nonce, type: 2 };
}

function block(
  calls: readonly SimulatedCallRequest[],
  fields: Partial<SimulatedBlockRequest> = {},
): SimulatedBlockRequest {
  return { overrides: NO_BLOCK_OVERRIDES, stateOverrides: new Map(), calls, ...fields };
}

const HEADER: SimulateTask['base']['header'] = {
  parentHash: ZERO_HASH,
  ommersHash: EMPTY_OMMERS_HASH,
  coinbase: BLOCK.coinbase,
  stateRoot: ZERO_HASH,
  transactionsRoot: EMPTY_TRIE_ROOT,
  receiptsRoot: EMPTY_TRIE_ROOT,
  logsBloom: EMPTY_BLOOM,
  difficulty: 0n,
  number: BLOCK.number,
  gasLimit: BLOCK.gasLimit,
  gasUsed: 0n,
  timestamp: BLOCK.timestamp,
  extraData: new Uint8Array(0),
  mixHash: ZERO_HASH,
  nonce: new Uint8Array(8),
  baseFeePerGas: BLOCK.baseFeePerGas,
  withdrawalsRoot: EMPTY_TRIE_ROOT,
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: ZERO_HASH,
  requestsHash: EMPTY_REQUESTS_HASH,
};

function task(blocks: readonly SimulatedBlockRequest[], fields: Partial<SimulateTask> = {}): SimulateTask {
  const base = { header: HEADER, hash: `0x${'ba'.repeat(32)}` as const };
  const usual = { validation: false, traceTransfers: false, gasCap: 50_000_000n, chainId: BLOCK.chainId };
  return { point: shards.point, base, blocks, ...usual, ...fields };
}

function simulate(...args: Parameters<typeof task>): readonly SimulatedBlock[] {
  const result = runJob('simulate', task(...args), shards);
  if (result.kind !== 'done') throw new Error(result.refusal.reason);
  return result.blocks;
}

function words(blocks: readonly SimulatedBlock[]): readonly bigint[] {
  return blocks.flatMap(({ executed }) => executed.map((entry) => bytesToBigint(entry.call.returnData)));
}

function refusal(...args: Parameters<typeof task>): number | null {
  const result = runJob('simulate', task(...args), shards);
  return result.kind === 'refused' ? result.refusal.code : null;
}

describe('simulated blocks', () => {
  test('each call runs on what those before it left, from block to block', () => {
    expect(words(simulate([block([call(), call()]), block([]), block([call()])]))).toEqual([8n, 9n, 10n]);
  });

  test('overrides of state are there from their block on', () => {
    const overriding = (state: Partial<StateOverride>): Partial<SimulatedBlockRequest> => ({
      stateOverrides: new Map([[CONTRACT, { ...NO_STATE, ...state }]]),
    });
    const blocks = [
      block([call()]),
      block([call()], overriding({ stateDiff: new Map([[0n, 100n]]) })),
      block([call()]),
      block([call()], overriding({ state: new Map() })),
      block([call()], overriding({ code: hexToBytes(`0x602a${RETURN_TOP}`) })),
    ];
    expect(words(simulate(blocks))).toEqual([8n, 101n, 102n, 1n, 42n]);
  });

  test('numbers, times and hashes follow one another; numbers that are left out are empty blocks', () => {
    const number = { ...NO_BLOCK_OVERRIDES, number: BLOCK.number + 3n, time: BLOCK.timestamp + 50n };
    const blocks = simulate([block([]), block([], { overrides: number }), block([])]);
    const headers = blocks.map(({ block: { header } }) => header);
    expect(headers.map((header) => header.number - BLOCK.number)).toEqual([1n, 2n, 3n, 4n]);
    expect(headers.map((header) => header.timestamp - BLOCK.timestamp)).toEqual([1n, 2n, 50n, 51n]);
    expect(headers.map(({ parentHash }) => parentHash)).toEqual([
      task([]).base.hash,
      ...blocks.slice(0, 3).map((b) => b.hash),
    ]);
    // BLOCKHASH of the base and of a simulated block.
    const hashOf = (back: string): StateOverride => ({
      ...NO_STATE,
      code: hexToBytes(`0x60${back}430340${RETURN_TOP}`),
    });
    const seen = [hashOf('01'), hashOf('02')].map((code) =>
      block([call()], { stateOverrides: new Map([[CONTRACT, code]]) }),
    );
    const [first] = simulate(seen);
    expect(words(simulate(seen))).toEqual([BigInt(task([]).base.hash), BigInt(task([]).base.hash)]);
    expect(first?.executed[0]?.transaction.hash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('transfers are logs when they are asked for, but those of what failed', () => {
    const stateOverrides = new Map([[CONTRACT, { ...NO_STATE, code: hexToBytes(`0x${SPLITTER}`) }]]);
    const send = (data: string): SimulatedCallRequest => call({ value: 10n, data: hexToBytes(data) });
    const request = [block([send('0x'), send(`0x${'01'.repeat(32)}`)], { stateOverrides })];
    const [shown] = simulate(request, { traceTransfers: true });
    const logs = shown?.executed.map((entry) =>
      entry.call.logs.map(({ address, data }) => [address, bytesToBigint(data)]),
    );
    expect(shown?.executed.map((entry) => entry.call.status)).toEqual(['success', 'reverted']);
    expect(logs?.[1]).toEqual([]);
    expect(logs?.[0]).toEqual([
      [ETHER_LOG, 10n],
      [ETHER_LOG, 5n],
    ]);
    expect(simulate(request)[0]?.executed[0]?.call.logs).toEqual([]);
  });

  test('gas is free without validation; with it nonce, fee and funds count, and are paid', () => {
    const validation = { validation: true };
    const paying = { maxFeePerGas: 100n, maxPriorityFeePerGas: 1n, gas: 100_000n };
    expect(refusal([block([call()])], validation)).toBe(-38_012);
    expect(refusal([block([call(paying, 0n)])], validation)).toBe(-38_010);
    expect(refusal([block([call(paying, 2n)])], validation)).toBe(-38_011);
    expect(refusal([block([call({ ...paying, value: 2n * ETHER })])], validation)).toBe(-38_014);
    expect(refusal([block([call({ ...paying, gas: 1n })])], validation)).toBe(-38_013);
    expect(refusal([block([call({ to: null, data: new Uint8Array(50_000) })])])).toBe(-38_025);
    // The second call sees what is left of the caller's balance after the first.
    const code = hexToBytes(`0x73${CALLER.slice(2)}31${RETURN_TOP}`);
    const free = simulate([block([call()], { stateOverrides: new Map([[CONTRACT, { ...NO_STATE, code }]]) })]);
    expect(words(free)).toEqual([ETHER]);
    const [paid] = simulate([block([call(paying), call({ ...paying, to: HOME_OF_NOBODY })])], validation);
    expect(paid?.executed.map(({ effectiveGasPrice }) => effectiveGasPrice)).toEqual([8n, 8n]);
  });

  test('order, room and length are limited', () => {
    const at = (overrides: Partial<typeof NO_BLOCK_OVERRIDES>): SimulatedBlockRequest =>
      block([], { overrides: { ...NO_BLOCK_OVERRIDES, ...overrides } });
    expect(refusal([at({ number: BLOCK.number })])).toBe(-38_020);
    expect(refusal([at({ time: BLOCK.timestamp })])).toBe(-38_021);
    expect(refusal([at({ number: BLOCK.number + 257n })])).toBe(-38_026);
    expect(simulate([at({ number: BLOCK.number + 256n })])).toHaveLength(256);
    expect(refusal([block([call({ gas: BLOCK.gasLimit + 1n })])])).toBe(-38_015);
  });

  test('all calls together have so much gas, whatever their blocks', () => {
    const endless = new Map([[CONTRACT, { ...NO_STATE, code: hexToBytes('0x5b5f56') }]]);
    const blocks = [block([call()], { stateOverrides: endless }), block([call({ to: HOME_OF_NOBODY })])];
    expect(refusal(blocks, { gasCap: 100_000n })).toBe(-38_013);
  });

  test('what they log and return together is bounded', () => {
    // LOG0 without data, over and over.
    const logging = new Map([[CONTRACT, { ...NO_STATE, code: hexToBytes('0x5b5f5fa05f56') }]]);
    const log = block([call({ gas: 3_000_000n })], { stateOverrides: logging });
    expect(() => simulate([log])).not.toThrow();
    const stopping = new Map([[CONTRACT, { ...NO_STATE, code: hexToBytes('0x5b5f5fa0620186a05a115f5700') }]]);
    const many = block([call({ gas: 4_000_000n })], { stateOverrides: stopping });
    expect(() => simulate([many])).toThrow(ResultTooLargeError);
  });
});
