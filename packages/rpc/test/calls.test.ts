import { hexToBytes } from '@heddle/primitives';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { describe, expect, test } from '@jest/globals';
import { encodeErrorResult, parseAbi } from 'viem';
import { CALL_GAS_CAP } from '../src/limits.ts';
import type { SeenCall } from './support/fake-node.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const ABI = parseAbi(['error Custom(uint256)', 'error Panic(uint256)']);
const STANDARD = parseAbi(['error Error(string)']);

function lastCall(): SeenCall {
  const call = harness().node.seenCalls.at(-1);
  if (call === undefined) throw new Error('nothing was executed');
  return call;
}

describe('requests', () => {
  test('defaults', async () => {
    await harness().call('eth_call', { to: BOB });
    expect(lastCall()).toEqual({
      number: 0n,
      overrides: new Map(),
      blockOverrides: NO_BLOCK_OVERRIDES,
      request: {
        from: `0x${'00'.repeat(20)}`,
        to: BOB,
        gas: null,
        maxFeePerGas: null,
        maxPriorityFeePerGas: null,
        value: 0n,
        data: new Uint8Array(),
        accessList: [],
        authorizationList: [],
      },
    });
  });

  test.each([
    [{ data: '0x1234' }],
    [{ input: '0x1234' }],
    [{ data: '0x1234', input: '0x1234' }],
    [{ data: null, input: '0x1234', to: null, value: null, gas: null }],
  ])('%j: data and input are one', async (request) => {
    await harness().call('eth_call', request);
    expect(lastCall().request).toMatchObject({ data: Uint8Array.of(0x12, 0x34), to: null });
  });

  test('every member arrives; gas is capped; gasPrice is both fees', async () => {
    const authorization = { chainId: '0x1', address: BOB, nonce: '0x2', v: '0x1', r: '0x3', s: '0x4' };
    await harness().call('eth_estimateGas', {
      from: ALICE,
      to: BOB,
      gas: '0xffffffffff',
      gasPrice: '0x5',
      value: '0x6',
      chainId: '0x7a69',
      accessList: [{ address: BOB, storageKeys: null }],
      authorizationList: [authorization],
      somethingElse: 1,
    });
    expect(lastCall().request).toMatchObject({
      from: ALICE,
      gas: CALL_GAS_CAP,
      maxFeePerGas: 5n,
      maxPriorityFeePerGas: 5n,
      value: 6n,
      accessList: [{ address: BOB, storageKeys: [] }],
      authorizationList: [{ chainId: 1n, address: BOB, nonce: 2n, yParity: 1, r: 3n, s: 4n }],
    });
  });

  test('the block and the state overrides arrive', async () => {
    const word = `0x${'0'.repeat(63)}9`;
    harness().node.mine();
    const overrides = {
      [ALICE.toUpperCase().replace('0X', '0x')]: {
        balance: '0x1',
        nonce: '0x2',
        code: '0x60',
        stateDiff: { [word]: word },
      },
      [BOB]: { state: {} },
    };
    await harness().call('eth_call', { to: BOB }, 'earliest', overrides, {});
    expect(lastCall().number).toBe(0n);
    expect(lastCall().overrides).toEqual(
      new Map([
        [ALICE, { balance: 1n, nonce: 2n, code: Uint8Array.of(0x60), state: null, stateDiff: new Map([[9n, 9n]]) }],
        [BOB, { balance: null, nonce: null, code: null, state: new Map(), stateDiff: null }],
      ]),
    );
  });

  test('the block overrides arrive', async () => {
    const hash = `0x${'12'.repeat(32)}`;
    const overrides = { number: '0x5', time: '0x6', gasLimit: '0x7', feeRecipient: ALICE, prevRandao: hash };
    await harness().call('eth_estimateGas', { to: BOB }, null, null, { ...overrides, baseFeePerGas: '0x8' });
    expect(lastCall().blockOverrides).toEqual({
      number: 5n,
      time: 6n,
      gasLimit: 7n,
      feeRecipient: ALICE,
      prevRandao: hash,
      baseFeePerGas: 8n,
      blobBaseFee: null,
    });
  });

  test('an access list is answered with its gas, and with why the call failed', async () => {
    const { node } = harness();
    node.accessList = [{ address: ALICE, storageKeys: [`0x${'0'.repeat(63)}1`] }];
    const { accessList } = node;
    expect(await harness().call('eth_createAccessList', { to: BOB })).toEqual({ accessList, gasUsed: '0x5208' });
    node.outcome = { kind: 'revert', returnData: new Uint8Array(), gasUsed: 30_000n };
    const error = 'execution reverted';
    expect(await harness().call('eth_createAccessList', { to: BOB })).toEqual({ accessList, gasUsed: '0x7530', error });
    node.outcome = { kind: 'invalid', reason: 'intrinsic gas too low: have 1, want 21000' };
    expect(await harness().fail('eth_createAccessList', { to: BOB })).toMatchObject({ code: -32000 });
  });

  test('a simulation arrives whole, and its refusal is answered with its code', async () => {
    const { node } = harness();
    const calls = [
      { from: ALICE, to: BOB, value: '0x1', nonce: '0x5' },
      { to: BOB, gasPrice: '0x7' },
    ];
    const block = { blockOverrides: { time: '0x9' }, stateOverrides: { [BOB]: { balance: '0x2' } }, calls };
    expect(await harness().call('eth_simulateV1', { blockStateCalls: [block, {}], validation: true })).toEqual([]);
    const [seen] = node.seenSimulations;
    expect(seen).toMatchObject({ number: 0n, request: { validation: true, traceTransfers: false } });
    expect(seen?.request.blocks).toHaveLength(2);
    expect(seen?.request.blocks[0]).toMatchObject({
      overrides: { time: 9n, number: null },
      calls: [
        { nonce: 5n, type: 2, message: { from: ALICE, value: 1n } },
        { nonce: null, type: 0, message: { maxFeePerGas: 7n } },
      ],
    });
    node.simulated = { kind: 'refused', refusal: { code: -38_010, reason: 'nonce too low' } };
    expect(await harness().fail('eth_simulateV1', { blockStateCalls: [{}] })).toMatchObject({ code: -38_010 });
    expect(await harness().fail('eth_simulateV1', { blockStateCalls: [] })).toMatchObject({ code: -32_602 });
    const many = { calls: Array.from({ length: 2_600 }, () => ({})) };
    expect(await harness().fail('eth_simulateV1', { blockStateCalls: [many, many] })).toMatchObject({ code: -32_602 });
  });

  test.each([
    [[], 'missing value for required argument 0'],
    [['0x'], 'invalid argument 0: want a transaction object, got a string'],
    [[{ to: '0x1' }], 'invalid argument 0: to: hex string has length 1, want 40 for an address'],
    [[{ value: '12' }], 'invalid argument 0: value: hex string without 0x prefix'],
    [[{ gas: 21000 }], 'invalid argument 0: gas: want a quantity such as "0x10", got a number'],
    [
      [{ data: '0x01', input: '0x02' }],
      'invalid argument 0: both "data" and "input" are set and not equal. Please use "input" to pass transaction call data',
    ],
    [
      [{ gasPrice: '0x1', maxFeePerGas: '0x1' }],
      'invalid argument 0: both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified',
    ],
    [
      [{ maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x2' }],
      'invalid argument 0: max priority fee per gas higher than max fee per gas: maxFeePerGas (1) < maxPriorityFeePerGas (2)',
    ],
    [[{ chainId: '0x1' }], "invalid argument 0: chainId does not match node's (have=1, want=31337)"],
    [
      [{ type: '0x3' }],
      'invalid argument 0: type: transaction type not valid: this network takes no blob transactions (type 3)',
    ],
    [
      [{ blobVersionedHashes: [] }],
      'invalid argument 0: transaction type not valid: this network takes no blob transactions (blobVersionedHashes is set)',
    ],
    [
      [{ accessList: [{ address: BOB, storageKeys: ['0x1'] }] }],
      'invalid argument 0: accessList: [0]: storageKeys: [0]: hex string has length 1, want 64 for a hash',
    ],
    [[{ to: BOB }, 'latest', []], 'invalid argument 2: want an object by address, got an array'],
    [
      [{ to: BOB }, 'latest', { [BOB]: { state: {}, stateDiff: {} } }],
      `invalid argument 2: ${BOB}: has both 'state' and 'stateDiff'`,
    ],
    [[{ to: BOB }, 'latest', {}, { beaconRoot: '0x1' }], "invalid argument 3: beaconRoot can't be overridden"],
    [
      [{ to: BOB }, 'latest', {}, { number: 1 }],
      'invalid argument 3: number: want a quantity such as "0x10", got a number',
    ],
  ])('%j is −32602', async (params, message) => {
    expect(await harness().fail('eth_call', ...params)).toEqual({ code: -32602, message, data: undefined });
    expect((await harness().fail('eth_estimateGas', ...params)).message).toBe(message);
  });
});

describe('outcomes', () => {
  test('success', async () => {
    harness().node.outcome = { kind: 'success', returnData: Uint8Array.of(1, 2), gasUsed: 50_000n };
    expect(await harness().call('eth_call', { to: BOB })).toBe('0x0102');
    expect(await harness().call('eth_estimateGas', { to: BOB })).toBe('0xc350');
  });

  test.each([
    ['no data', '0x', 'execution reverted'],
    ['Error(string)', encodeErrorResult({ abi: STANDARD, args: ['Ünfair: no'] }), 'execution reverted: Ünfair: no'],
    [
      'Panic',
      encodeErrorResult({ abi: ABI, errorName: 'Panic', args: [0x11n] }),
      'execution reverted: arithmetic underflow or overflow',
    ],
    [
      'an unknown panic',
      encodeErrorResult({ abi: ABI, errorName: 'Panic', args: [0x99n] }),
      'execution reverted: unknown panic code: 0x99',
    ],
    ['a custom error', encodeErrorResult({ abi: ABI, errorName: 'Custom', args: [7n] }), 'execution reverted'],
    ['a cut-off Error', '0x08c379a000', 'execution reverted'],
    ['an Error with a wild length', `0x08c379a0${'20'.padStart(64, '0')}${'f'.repeat(64)}`, 'execution reverted'],
  ])('revert with %s: {code: 3, message, data}', async (_, data, message) => {
    harness().node.outcome = { kind: 'revert', returnData: hexToBytes(data), gasUsed: 1n };
    expect(await harness().fail('eth_call', { to: BOB })).toEqual({ code: 3, message, data });
    expect(await harness().fail('eth_estimateGas', { to: BOB })).toEqual({ code: 3, message, data });
  });

  test('halts and impossible requests are −32000 with the reason', async () => {
    harness().node.outcome = { kind: 'halt', reason: 'out of gas', gasUsed: 1n };
    expect(await harness().fail('eth_call', { to: BOB })).toEqual({
      code: -32000,
      message: 'out of gas',
      data: undefined,
    });
    harness().node.outcome = { kind: 'invalid', reason: 'insufficient funds for gas * price + value: address …' };
    expect((await harness().fail('eth_estimateGas', { to: BOB })).code).toBe(-32000);
  });
});
