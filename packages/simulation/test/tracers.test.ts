import { describe, expect, test } from '@jest/globals';
import { ResultTooLargeError } from '../src/index.ts';
import { CALLEE, CONTRACT, pushAddress, SENDER, traceCall } from './support/traced-call.ts';

/** CALL with 1 wei that nobody has, DELEGATECALL, SHA256, CREATE of nothing, LOG1, SELFDESTRUCT to SENDER. */
const CODE = `0x${[
  `5f5f5f5f600173${CALLEE.slice(2)}5af150`,
  `5f5f5f5f${pushAddress(CALLEE)}5af450`,
  '5f5f5f5f5f60025af150',
  '5f5f5ff050',
  '60075f5fa1',
  `${pushAddress(SENDER)}ff`,
].join('')}`;
const STATE = { [CONTRACT]: { code: CODE, nonce: 1n }, [CALLEE]: { code: '0x5f5ffd', nonce: 1n } };
const CALL = { kind: 'call', onlyTopCall: false, withLog: true } as const;

describe('callTracer', () => {
  test('lists calls, precompiles, what was refused, creations, logs and self-destructs', () => {
    expect(traceCall({ state: STATE, spec: CALL })).toMatchObject({
      type: 'CALL',
      from: SENDER,
      to: CONTRACT,
      gas: '0xf4240',
      gasUsed: expect.stringMatching(/^0x/),
      input: '0x',
      value: '0x0',
      calls: [
        { type: 'CALL', error: 'insufficient balance for transfer', value: '0x1', gasUsed: '0x0' },
        { type: 'DELEGATECALL', from: CONTRACT, to: CALLEE, error: 'execution reverted', value: '0x0' },
        { type: 'CALL', to: `0x${'2'.padStart(40, '0')}`, gasUsed: '0x3c' },
        { type: 'CREATE', input: '0x', from: CONTRACT },
        { type: 'SELFDESTRUCT', from: CONTRACT, to: SENDER, gas: '0x0', gasUsed: '0x0', value: '0x0', input: '0x' },
      ],
      logs: [{ address: CONTRACT, topics: [`0x${'7'.padStart(64, '0')}`], data: '0x', index: '0x0', position: '0x4' }],
    });
  });

  test('the outermost call alone', () => {
    expect(traceCall({ state: STATE, spec: { ...CALL, onlyTopCall: true } })).not.toHaveProperty('calls');
  });

  test.each([
    ['0xfe', 'invalid opcode: INVALID'],
    ['0x0c', 'invalid opcode: opcode 0x0c not defined'],
    ['0x01', 'stack underflow (0 <=> 2)'],
    [
      '0x5b5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f600056',
      'stack limit reached 1024 (1023)',
    ],
    ['0x5b600056', 'out of gas'],
    ['0x600456', 'invalid jump destination'],
    ['0x60016000f3', null],
  ])('%s: %s', (code, error) => {
    const trace = traceCall({ state: { [CONTRACT]: { code, nonce: 1n } }, spec: CALL });
    if (error === null) expect(trace).not.toHaveProperty('error');
    else expect(trace).toMatchObject({ error });
  });

  test('an invalid opcode in a block that was decoded is named as well', () => {
    // A loop of three rounds that ends in 0x0c.
    const code = `0x6003${'5b6001900380600257'}0c`;
    expect(traceCall({ state: { [CONTRACT]: { code, nonce: 1n } }, spec: CALL })).toMatchObject({
      error: 'invalid opcode: opcode 0x0c not defined',
    });
  });

  test('says why a call reverted', () => {
    const text = Buffer.from('bad').toString('hex').padEnd(64, '0');
    const data = `08c379a0${'20'.padStart(64, '0')}${'3'.padStart(64, '0')}${text}`;
    // CODECOPY of what stands behind the code, REVERT.
    const code = `0x6064600a5f3960645ffd${data}`;
    expect(traceCall({ state: { [CONTRACT]: { code, nonce: 1n } }, spec: CALL })).toMatchObject({
      error: 'execution reverted',
      revertReason: 'bad',
      output: `0x${data}`,
    });
  });

  test('what it collects is bounded', () => {
    // Calls itself for ever, each time with a kilobyte.
    const code = `0x5b5f5f6104005f5f60045af1505f56`;
    expect(() =>
      traceCall({ state: { [CONTRACT]: { code, nonce: 1n } }, spec: CALL, limitBytes: 100_000, gas: 10_000_000 }),
    ).toThrow(ResultTooLargeError);
  });
});

describe('flatCallTracer', () => {
  test('is the tree as a list; calls of precompiles are not in it unless they are asked for', () => {
    const spec = { kind: 'flatCall', convertParityErrors: true, includePrecompiles: false } as const;
    const flat = traceCall({ state: STATE, spec });
    expect(flat).toMatchObject([
      { type: 'call', subtraces: 4, traceAddress: [], action: { callType: 'call', gas: '0xf4240' } },
      { error: 'insufficient balance for transfer', traceAddress: [0] },
      { error: 'Reverted', traceAddress: [1], action: { callType: 'delegatecall' }, result: { output: '0x' } },
      { type: 'create', traceAddress: [2], result: { code: '0x' } },
      { type: 'suicide', traceAddress: [3], action: { address: CONTRACT, refundAddress: SENDER } },
    ]);
    expect(traceCall({ state: STATE, spec: { ...spec, includePrecompiles: true } })).toHaveLength(6);
  });

  test('parity hides calls of precompiles too, and says null', () => {
    const spec = { kind: 'parityReplay', trace: true, stateDiff: false, withTransactionHash: false } as const;
    const replay = traceCall({ state: STATE, spec });
    const trace = [{ subtraces: 4 }, { result: null }, {}, { action: { creationMethod: 'create' } }, {}];
    expect(replay).toMatchObject({ output: '0x', stateDiff: null, vmTrace: null, trace });
    expect(replay).toHaveProperty('trace.length', 5);
  });
});

describe('prestateTracer', () => {
  const spec = {
    kind: 'prestate',
    diffMode: false,
    disableCode: false,
    disableStorage: false,
    includeEmpty: false,
  } as const;
  const word = (digits: string): string => `0x${digits.padStart(64, '0')}`;
  const CHANGING = '0x60056001555f6002556003545000';
  const state = {
    // Writes 5 to 1, clears 2, reads 3.
    [CONTRACT]: { code: CHANGING, nonce: 1n, balance: 9n, storage: { 1: 1n, 2: 2n, 3: 3n } },
  };

  test('what was touched, as it was before', () => {
    expect(traceCall({ state, spec, value: 4n })).toEqual({
      [SENDER]: { balance: '0x56bc75e2d63100000' },
      [CONTRACT]: {
        balance: '0x9',
        nonce: 1,
        code: CHANGING,
        codeHash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        storage: { [word('1')]: word('1'), [word('2')]: word('2'), [word('3')]: word('3') },
      },
    });
  });

  test('what was changed, before and after', () => {
    const code = { code: CHANGING, codeHash: expect.stringMatching(/^0x/) };
    expect(traceCall({ state, spec: { ...spec, diffMode: true }, value: 4n })).toEqual({
      pre: {
        [SENDER]: { balance: '0x56bc75e2d63100000' },
        [CONTRACT]: { ...code, balance: '0x9', nonce: 1, storage: { [word('1')]: word('1'), [word('2')]: word('2') } },
      },
      post: {
        [SENDER]: { balance: '0x56bc75e2d630ffffc', nonce: 1 },
        [CONTRACT]: { balance: '0xd', storage: { [word('1')]: word('5') } },
      },
    });
  });

  test('parity calls the same a difference', () => {
    const options = { kind: 'parityReplay', trace: false, stateDiff: true, withTransactionHash: false } as const;
    expect(traceCall({ state, spec: options, value: 4n })).toEqual({
      output: '0x',
      trace: [],
      vmTrace: null,
      stateDiff: {
        [SENDER]: {
          balance: { '*': { from: '0x56bc75e2d63100000', to: '0x56bc75e2d630ffffc' } },
          code: '=',
          nonce: { '*': { from: '0x0', to: '0x1' } },
          storage: {},
        },
        [CONTRACT]: {
          balance: { '*': { from: '0x9', to: '0xd' } },
          code: '=',
          nonce: '=',
          storage: {
            [word('1')]: { '*': { from: word('1'), to: word('5') } },
            [word('2')]: { '*': { from: word('2'), to: word('0') } },
          },
        },
      },
    });
  });
});

test('4byteTracer counts functions by the length of their arguments', () => {
  // MSTORE a selector, call CALLEE twice with it and SHA256 once.
  const call = (to: string): string => `5f5f6008601c5f${to}5af150`;
  const code = `0x6311223344${'5f52'}${call(pushAddress(CALLEE))}${call(pushAddress(CALLEE))}${call('6002')}`;
  const data = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd, 1);
  const state = { [CONTRACT]: { code, nonce: 1n } };
  expect(traceCall({ state, spec: { kind: 'fourByte' }, data })).toEqual({ '0x11223344-4': 2, '0xaabbccdd-1': 1 });
});

test('muxTracer has each under its name, noopTracer nothing', () => {
  const spec = {
    kind: 'mux',
    tracers: [
      ['callTracer', CALL],
      ['noopTracer', { kind: 'noop' }],
    ],
  } as const;
  expect(traceCall({ state: STATE, spec })).toMatchObject({ callTracer: { type: 'CALL' }, noopTracer: {} });
});

test('Otterscan sees what moved wei or made a contract, and all calls with their depth', () => {
  expect(traceCall({ state: STATE, spec: { kind: 'otterscan', view: 'internalOperations' } })).toMatchObject([
    { type: 2, from: CONTRACT },
    { type: 1, from: CONTRACT, to: SENDER },
  ]);
  expect(traceCall({ state: STATE, spec: { kind: 'otterscan', view: 'calls' } })).toMatchObject([
    { type: 'CALL', depth: 0 },
    { type: 'CALL', depth: 1, value: '0x1' },
    { type: 'DELEGATECALL', depth: 1, value: null },
    { type: 'CALL', depth: 1 },
    { type: 'CREATE', depth: 1 },
    { type: 'SELFDESTRUCT', depth: 1 },
  ]);
});

test('structLog: storage so far, refunds, errors, a limit', () => {
  const structLog = {
    kind: 'structLog',
    enableMemory: true,
    disableStack: false,
    disableStorage: false,
    enableReturnData: true,
    limit: 0,
  } as const;
  const state = { [CONTRACT]: { code: '0x6001545f60015560075f5201', nonce: 1n, storage: { 1: 9n } } };
  const trace = traceCall({ state, spec: structLog });
  const word = (digits: string): string => `0x${digits.padStart(64, '0')}`;
  expect(trace).toMatchObject({
    failed: true,
    gas: 1_000_000,
    returnValue: '0x',
    structLogs: [
      { pc: 0, op: 'PUSH1', gas: 979_000, gasCost: 3, depth: 1, stack: [], memory: [] },
      { pc: 2, op: 'SLOAD', gasCost: 2_100, stack: ['0x1'], storage: { [word('1')]: word('9') } },
      { pc: 3, op: 'PUSH0', stack: ['0x9'] },
      { pc: 4, op: 'PUSH1' },
      { pc: 6, op: 'SSTORE', gasCost: 2_900, refund: 4_800, storage: { [word('1')]: word('0') } },
      { pc: 7, op: 'PUSH1', refund: 4_800 },
      { pc: 9, op: 'PUSH0' },
      { pc: 10, op: 'MSTORE', gasCost: 6, memory: [] },
      { pc: 11, op: 'ADD', error: 'stack underflow (1 <=> 2)', memory: [word('7')] },
    ],
  });
  const short = traceCall({ state, spec: { ...structLog, limit: 150 } });
  expect(short).toHaveProperty('structLogs.length', 2);
});
