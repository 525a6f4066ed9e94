import { bytesToHex, encodeRlp } from '@heddle/primitives';
import { NO_BLOCK_OVERRIDES } from '@heddle/simulation';
import { describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const NOWHERE = `0x${'77'.repeat(32)}`;
const STRUCT_LOG = {
  kind: 'structLog',
  enableMemory: false,
  disableStack: false,
  disableStorage: false,
  enableReturnData: false,
  limit: 0,
};
const ALL_CALLS = { kind: 'calls', from: [], to: [], both: false, at: null, after: 0, count: Number.MAX_SAFE_INTEGER };

/** The hash of a transaction in block 1. */
async function included(): Promise<string> {
  harness().node.automine = true;
  return String(await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, value: '0x1' }));
}

describe('debug_', () => {
  test('the text of a trace is the result, whatever it is', async () => {
    harness().node.tracedAs = { text: '{"gas":1,"structLogs":[]}', matched: 1 };
    expect(await harness().call('debug_traceTransaction', await included())).toEqual({ gas: 1, structLogs: [] });
    expect(harness().node.seenForms).toEqual([{ kind: 'single', tracer: STRUCT_LOG }]);
  });

  test.each([
    [{}, STRUCT_LOG],
    [{ tracer: '', reexec: 5, unknown: 1 }, STRUCT_LOG],
    [
      { enableMemory: true, limit: 3, disableStack: true },
      { ...STRUCT_LOG, enableMemory: true, limit: 3, disableStack: true },
    ],
    [{ tracer: 'callTracer' }, { kind: 'call', onlyTopCall: false, withLog: false }],
    [
      { tracer: 'callTracer', tracerConfig: { withLog: true, x: 1 } },
      { kind: 'call', onlyTopCall: false, withLog: true },
    ],
    [{ tracer: '4byteTracer', tracerConfig: null }, { kind: 'fourByte' }],
    [
      { tracer: 'prestateTracer', tracerConfig: { diffMode: true } },
      { kind: 'prestate', diffMode: true, disableCode: false, disableStorage: false, includeEmpty: false },
    ],
    [
      { tracer: 'muxTracer', tracerConfig: { noopTracer: null, '4byteTracer': {} } },
      {
        kind: 'mux',
        tracers: [
          ['noopTracer', { kind: 'noop' }],
          ['4byteTracer', { kind: 'fourByte' }],
        ],
      },
    ],
  ])('%j', async (config, tracer) => {
    await harness().call('debug_traceTransaction', await included(), config);
    expect(harness().node.seenForms).toEqual([{ kind: 'single', tracer }]);
  });

  test.each([
    [{ tracer: '{step: function() {}}' }, /no such tracer.*callTracer.*none in JavaScript/],
    [{ tracer: 'constructor' }, /no such tracer/],
    [{ tracer: 'callTracer', tracerConfig: 'x' }, /tracerConfig: want an object/],
    [{ tracer: 'callTracer', tracerConfig: { withLog: 1 } }, /withLog: want true or false/],
    [{ tracer: 'muxTracer', tracerConfig: { muxTracer: {} } }, /within muxTracer/],
    [{ timeout: '5' }, /timeout: want a duration/],
    [{ limit: -1 }, /limit/],
    ['callTracer', /want an object/],
  ])('%j is refused', async (config, message) => {
    const answer = await harness().fail('debug_traceTransaction', NOWHERE, config);
    expect(answer).toMatchObject({ code: -32602, message: expect.stringMatching(message) });
  });

  test('what is not there is an error, as in geth', async () => {
    const error = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
      harness().fail(method, ...params);
    const refused = (message: string): object => ({ code: -32000, message });
    expect(await error('debug_traceTransaction', NOWHERE)).toMatchObject(refused('transaction not found'));
    expect(await error('debug_traceBlockByNumber', '0x0')).toMatchObject(refused('genesis is not traceable'));
    expect(await error('debug_traceBlockByNumber', '0x99')).toMatchObject(refused('block #153 not found'));
    expect(await error('debug_traceBlockByHash', NOWHERE)).toMatchObject(refused(`block ${NOWHERE} not found`));
    const strange = bytesToHex(encodeRlp([[Uint8Array.of(1)], [], []]));
    expect(await error('debug_traceBlock', strange)).toMatchObject({ code: -32000 });
    expect(await error('debug_traceBlock', '0xc0')).toMatchObject({ code: -32602 });
    expect(await error('debug_traceBlock', '0x01ff')).toMatchObject({ code: -32602 });
  });

  test('blocks: one entry a transaction, with its hash', async () => {
    await included();
    await harness().call('debug_traceBlockByNumber', 'latest', { tracer: 'noopTracer' });
    expect(harness().node.seenForms).toEqual([{ kind: 'named', tracer: { kind: 'noop' } }]);
  });

  test('accounts that blocks have modified, by their access lists', async () => {
    await included();
    harness().node.mine();
    const modified = await harness().call('debug_getModifiedAccountsByNumber', '0x1');
    const writes = harness()
      .node.chain.accessList(1)
      ?.filter(({ balanceChanges, nonceChanges }) => balanceChanges.length + nonceChanges.length > 0);
    expect(writes?.length).toBeGreaterThan(0);
    expect(modified).toEqual(writes?.map(({ address }) => address).sort());
    expect(await harness().call('debug_getModifiedAccountsByNumber', '0x0', '0x1')).toEqual(modified);
    expect(await harness().fail('debug_getModifiedAccountsByNumber', '0x0')).toMatchObject({ code: -32000 });
    expect(await harness().fail('debug_getModifiedAccountsByNumber', '0x2', '0x1')).toMatchObject({ code: -32602 });
  });

  test('calls: state and block overrides; geth says when a call cannot be traced', async () => {
    const overrides = { [BOB]: { balance: '0x5' } };
    await harness().call('debug_traceCall', { from: ALICE, to: BOB }, 'latest', {
      tracer: 'noopTracer',
      stateOverrides: overrides,
      blockOverrides: { number: '0x10' },
    });
    expect(harness().node.seenTracedCalls).toMatchObject([
      {
        asList: false,
        calls: [{ message: { from: ALICE, to: BOB }, tracer: { kind: 'noop' } }],
        place: { number: 0n, blockOverrides: { ...NO_BLOCK_OVERRIDES, number: 16n } },
      },
    ]);
    harness().node.tracedCalls = { kind: 'invalid', reason: 'insufficient funds' };
    expect(await harness().fail('debug_traceCall', { to: BOB }, 'latest')).toMatchObject({
      code: -32000,
      message: 'tracing failed: insufficient funds',
    });
  });
});

describe('trace_', () => {
  test('calls of a transaction, of a block, one of them; null for what is not there', async () => {
    const hash = await included();
    harness().node.tracedAs = { text: '[{"type":"call"}]', matched: 1 };
    expect(await harness().call('trace_transaction', hash)).toEqual([{ type: 'call' }]);
    expect(await harness().call('trace_block', '0x1')).toEqual([{ type: 'call' }]);
    expect(await harness().call('trace_get', hash, ['0x0', '0x2'])).toEqual({ type: 'call' });
    expect(harness().node.seenForms).toEqual([ALL_CALLS, ALL_CALLS, { ...ALL_CALLS, at: [0, 2] }]);
    harness().node.tracedAs = { text: '[]', matched: 0 };
    expect(await harness().call('trace_get', hash, ['0x9'])).toBeNull();
    expect(await harness().call('trace_transaction', NOWHERE)).toBeNull();
    expect(await harness().call('trace_block', '0x99')).toBeNull();
    expect(await harness().call('trace_replayTransaction', NOWHERE, ['trace'])).toBeNull();
  });

  test('a filter goes over blocks, and counts over all of them', async () => {
    for (let block = 0; block < 4; block++) harness().node.mine();
    harness().node.tracedAs = { text: '[1,2]', matched: 3 };
    const filter = { fromBlock: '0x0', toBlock: '0x4', fromAddress: [ALICE], toAddress: BOB, after: 4, count: 3 };
    expect(await harness().call('trace_filter', filter)).toEqual([1, 2, 1, 2, 1, 2]);
    const form = { kind: 'calls', from: [ALICE], to: [BOB], both: false, at: null };
    expect(harness().node.seenForms).toEqual([
      { ...form, after: 4, count: 3 },
      { ...form, after: 1, count: 3 },
      { ...form, after: 0, count: 1 },
    ]);
  });

  test.each([
    [{ fromBlock: '0x1', toBlock: '0x0' }, /above toBlock/],
    [{ mode: 'both' }, /union/],
    [{ count: -1 }, /count/],
    [[], /want an object/],
  ])('filter %j is refused', async (filter, message) => {
    harness().node.mine();
    const answer = await harness().fail('trace_filter', filter);
    expect(answer).toMatchObject({ code: -32602, message: expect.stringMatching(message) });
  });

  test('at most 100 blocks are filtered at once, and the error says which would do', async () => {
    for (let block = 0; block < 101; block++) harness().node.mine();
    const answer = await harness().fail('trace_filter', { fromBlock: '0x1', toBlock: '0x65' });
    expect(answer).toMatchObject({ code: -32602, message: expect.stringMatching(/1 to 100/) });
  });

  test('replays and calls: what is wanted of them', async () => {
    const hash = await included();
    await harness().call('trace_replayTransaction', hash, ['trace', 'vmTrace']);
    await harness().call('trace_replayBlockTransactions', 'latest', ['stateDiff']);
    const replay = (trace: boolean, stateDiff: boolean, withTransactionHash: boolean): object => {
      return { kind: 'parityReplay', trace, stateDiff, withTransactionHash };
    };
    expect(harness().node.seenForms).toEqual([
      { kind: 'single', tracer: replay(true, false, false) },
      { kind: 'list', tracer: replay(false, true, true) },
    ]);
    await harness().call('trace_call', { to: BOB }, ['trace'], 'latest');
    await harness().call(
      'trace_callMany',
      [
        [{ to: BOB }, ['stateDiff']],
        [{ to: ALICE }, []],
      ],
      'latest',
    );
    expect(harness().node.seenTracedCalls).toMatchObject([
      { asList: false, calls: [{ tracer: replay(true, false, false) }] },
      { asList: true, calls: [{ tracer: replay(false, true, false) }, { message: { to: ALICE } }] },
    ]);
    const answer = await harness().fail('trace_replayTransaction', hash, ['everything']);
    expect(answer).toMatchObject({ code: -32602, message: expect.stringMatching(/vmTrace/) });
    expect(await harness().fail('trace_callMany', [[{ to: BOB }]])).toMatchObject({ code: -32602 });
  });
});

test('Otterscan: null for a transaction that is not executed', async () => {
  const hash = await included();
  await harness().call('ots_traceTransaction', hash);
  await harness().call('ots_getInternalOperations', hash);
  await harness().call('ots_getTransactionError', hash);
  expect(harness().node.seenForms).toMatchObject([
    { tracer: { view: 'calls' } },
    { tracer: { view: 'internalOperations' } },
    { tracer: { kind: 'error' } },
  ]);
  expect(await harness().call('ots_traceTransaction', NOWHERE)).toBeNull();
});
