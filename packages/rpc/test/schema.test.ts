import { describe, expect, test } from '@jest/globals';
import { isUncheckedObject } from '../src/json.ts';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB, FakeNode } from './support/fake-node.ts';
import type { Harness } from './support/harness.ts';
import { useServer } from './support/harness.ts';
import { methodTable } from './support/method-table.ts';
import { loadOpenRpc, OpenRpc } from './support/openrpc.ts';

const harness = useServer();
const schema = loadOpenRpc();
const ABSENT = `0x${'12'.repeat(32)}`;
const SLOT = `0x${'0'.repeat(63)}1`;
/** By the test of every type of transaction. */
const JUDGED_BELOW = ['eth_getFilterChanges', 'eth_getFilterLogs', 'eth_sendRawTransaction'];
/** What other tests judge, and eth_signTransaction: the bytes alone, which is what clients take (docs/json-rpc.md). */
const JUDGED_ELSEWHERE = [
  'eth_signTransaction',
  'eth_createAccessList',
  'eth_simulateV1',
  'debug_traceTransaction',
  'debug_traceBlockByNumber',
  'debug_traceBlockByHash',
];
const AUTHORIZATION = { chainId: '0x0', address: BOB, nonce: '0x0', yParity: '0x1', r: '0x1', s: '0x1' };

/** A block with a transaction of every type, one of them with a log. */
async function fillChain(running: Harness): Promise<readonly unknown[]> {
  running.node.automine = false;
  const base = { from: ALICE, to: LOGGER, gas: '0x186a0' };
  const requests = [
    { ...base, type: '0x0', data: SLOT },
    { ...base, type: '0x1', accessList: [{ address: BOB, storageKeys: [SLOT] }] },
    { ...base, type: '0x2' },
    { ...base, type: '0x4', authorizationList: [AUTHORIZATION] },
    { ...base, to: null, data: '0x60' },
  ];
  const hashes: unknown[] = [];
  for (const request of requests) hashes.push(await running.call('eth_sendTransaction', request));
  running.node.mine();
  return hashes;
}

describe('results against the public schema', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['eth_chainId', []],
    ['eth_syncing', []],
    ['eth_accounts', []],
    ['net_version', []],
    ['eth_gasPrice', []],
    ['eth_maxPriorityFeePerGas', []],
    ['eth_blobBaseFee', []],
    ['eth_feeHistory', ['0x2', 'latest', [10, 90]]],
    ['eth_getBlockByNumber', ['latest', true]],
    ['eth_getBlockByNumber', ['latest', false]],
    ['eth_getBlockByNumber', ['0x99', false]],
    ['eth_getBlockByHash', [ABSENT, false]],
    ['eth_getBlockTransactionCountByNumber', ['latest']],
    ['eth_getBlockTransactionCountByHash', [ABSENT]],
    ['eth_getBlockReceipts', ['latest']],
    ['eth_getBlockReceipts', ['0x99']],
    ['eth_getBalance', [ALICE, 'latest']],
    ['eth_getCode', [ALICE, 'latest']],
    ['eth_getStorageAt', [ALICE, '0x0', 'latest']],
    ['eth_getTransactionCount', [ALICE, 'pending']],
    ['eth_call', [{ to: BOB }, 'latest']],
    ['eth_estimateGas', [{ to: BOB }]],
    ['eth_createAccessList', [{ to: BOB }]],
    ['eth_getLogs', [{ fromBlock: 'earliest', toBlock: 'latest' }]],
    ['eth_newFilter', [{}]],
    ['eth_newBlockFilter', []],
    ['eth_newPendingTransactionFilter', []],
    ['eth_uninstallFilter', ['0x1']],
    ['eth_getTransactionByHash', [ABSENT]],
    ['eth_getTransactionReceipt', [ABSENT]],
    ['eth_getTransactionByBlockNumberAndIndex', ['latest', '0x3']],
    ['eth_getTransactionByBlockHashAndIndex', [ABSENT, '0x0']],
    ['eth_sign', [ALICE, '0x1234']],
    ['eth_sendTransaction', [{ from: ALICE, to: BOB, gas: '0x5208' }]],
    ['eth_blockNumber', []],
    ['eth_coinbase', []],
    ['eth_baseFee', []],
    ['eth_config', []],
    ['eth_capabilities', []],
    ['eth_getBlockAccessList', ['latest']],
    ['eth_getBlockAccessList', ['0x99']],
    ['eth_getProof', [ALICE, [SLOT, '0x0'], 'latest']],
    ['eth_getStorageValues', [{ [ALICE]: [SLOT], [BOB]: ['0x0', '0x1'] }, 'latest']],
    ['eth_fillTransaction', [{ from: ALICE, to: BOB, type: '0x0' }]],
    ['eth_fillTransaction', [{ from: ALICE, to: BOB, type: '0x1' }]],
    ['eth_fillTransaction', [{ from: ALICE, to: BOB }]],
    ['eth_fillTransaction', [{ from: ALICE, to: BOB, type: '0x4', authorizationList: [AUTHORIZATION] }]],
    ['txpool_status', []],
    ['txpool_content', []],
    ['txpool_contentFrom', [BOB]],
    ['debug_getRawHeader', ['latest']],
    ['debug_getRawBlock', ['latest']],
    ['debug_getRawReceipts', ['latest']],
    ['debug_getRawTransaction', [ABSENT]],
    ['debug_getRawBlockAccessList', ['latest']],
    ['debug_getBadBlocks', []],
  ];

  test('judge every method of the schema that this node answers', () => {
    const table = methodTable(new FakeNode().backend(true));
    const answered = (schema?.methods ?? []).filter((name) => Object.hasOwn(table, name));
    const judged = new Set([...cases.map(([name]) => name), ...JUDGED_BELOW, ...JUDGED_ELSEWHERE]);
    expect(answered.filter((name) => !judged.has(name))).toEqual([]);
  });

  test.each(cases)('%s %j', async (method, params) => {
    await fillChain(harness());
    // Something in the pool, with and without a nonce that is missing.
    for (const nonce of ['0x0', '0x7']) {
      await harness().call('eth_sendTransaction', { from: BOB, to: ALICE, gas: '0x5208', nonce });
    }
    const result = await harness().call(method, ...params);
    expect(schema === null ? [] : schema.check(method, result)).toEqual([]);
  });

  test('every type of transaction, its receipt, and filter results', async () => {
    const blocks = await harness().call('eth_newBlockFilter');
    const logs = await harness().call('eth_newFilter', {});
    const hashes = await fillChain(harness());
    expect(hashes).toHaveLength(5);
    for (const hash of hashes) {
      for (const method of ['eth_getTransactionByHash', 'eth_getTransactionReceipt']) {
        const result = await harness().call(method, hash);
        expect(isUncheckedObject(result)).toBe(true);
        expect(schema === null ? [] : schema.check(method, result)).toEqual([]);
      }
    }
    const raw = await harness().call('eth_signTransaction', { from: ALICE, to: BOB, gas: '0x5208' });
    const sent = await harness().call('eth_sendRawTransaction', raw);
    expect(schema === null ? [] : schema.check('eth_sendRawTransaction', sent)).toEqual([]);
    for (const [method, id] of [
      ['eth_getFilterChanges', blocks],
      ['eth_getFilterChanges', logs],
      ['eth_getFilterLogs', logs],
    ] as const) {
      const result = await harness().call(method, id);
      expect(result).not.toHaveLength(0);
      expect(schema === null ? [] : schema.check(method, result)).toEqual([]);
    }
  });
});

test('the validator finds what is wrong', () => {
  const uint = { type: 'string', pattern: '^0x(0|[1-9a-f][0-9a-f]*)$' };
  const result = {
    schema: {
      oneOf: [
        { type: 'null' },
        { type: 'object', required: ['a'], additionalProperties: false, properties: { a: uint } },
      ],
    },
  };
  const judge = new OpenRpc({ methods: [{ name: 'm', result }] });
  expect(judge.check('m', null)).toEqual([]);
  expect(judge.check('m', { a: '0x1' })).toEqual([]);
  for (const wrong of [{ a: '0x01' }, {}, { a: '0x1', b: 1 }, [], 5]) expect(judge.check('m', wrong)).not.toEqual([]);
});
