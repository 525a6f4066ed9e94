import { describe, expect, test } from '@jest/globals';
import { FILTER_LIFE_MS, MAX_FILTERS } from '../src/limits.ts';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const topic = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`;
const emit = (value: number): Promise<unknown> =>
  harness().call('eth_sendTransaction', { from: ALICE, to: LOGGER, gas: '0x186a0', data: topic(value) });

describe('log filters', () => {
  test('tell what came since the last poll; getFilterLogs tells all', async () => {
    await emit(1);
    const id = await harness().call('eth_newFilter', { fromBlock: 'earliest', address: LOGGER });
    expect(id).toMatch(/^0x[1-9a-f][0-9a-f]{20,31}$/);
    expect(await harness().call('eth_getFilterChanges', id)).toEqual([]);
    await emit(2);
    await emit(3);
    expect(await harness().call('eth_getFilterChanges', id)).toMatchObject([
      { topics: [topic(2)] },
      { topics: [topic(3)] },
    ]);
    expect(await harness().call('eth_getFilterChanges', id)).toEqual([]);
    expect(await harness().call('eth_getFilterLogs', id)).toHaveLength(3);
  });

  test('keep to their range and criteria; a range may lie ahead', async () => {
    const id = await harness().call('eth_newFilter', {
      fromBlock: '0x2',
      toBlock: '0x3',
      topics: [[topic(2), topic(3), topic(4)]],
    });
    expect(await harness().call('eth_getFilterLogs', id)).toEqual([]);
    for (const value of [1, 2, 9, 4]) await emit(value);
    expect(await harness().call('eth_getFilterChanges', id)).toMatchObject([
      { topics: [topic(2)], blockNumber: '0x2' },
    ]);
    expect(await harness().call('eth_getFilterLogs', id)).toHaveLength(1);
  });

  test('two polls at once report nothing twice', async () => {
    const id = await harness().call('eth_newFilter', {});
    await emit(1);
    await emit(2);
    const polls = await Promise.all([1, 2, 3].map(() => harness().call('eth_getFilterChanges', id)));
    expect(polls.flat()).toHaveLength(2);
  });

  test.each([[{ fromBlock: '0x2', toBlock: '0x1' }], [{ blockHash: topic(1) }], [{ topics: [5] }]])(
    '%j is −32602',
    async (filter) => {
      expect((await harness().fail('eth_newFilter', filter)).code).toBe(-32602);
    },
  );
});

test('block filters tell hashes', async () => {
  const id = await harness().call('eth_newBlockFilter');
  const hashes = [harness().node.mine().hash, harness().node.mine().hash];
  expect(await harness().call('eth_getFilterChanges', id)).toEqual(hashes);
  expect(await harness().call('eth_getFilterChanges', id)).toEqual([]);
  expect((await harness().fail('eth_getFilterLogs', id)).code).toBe(-32000);
});

test('filters that have read of blocks that are gone tell those that come in their place', async () => {
  const { chain } = harness().node;
  await emit(1);
  const blocks = await harness().call('eth_newBlockFilter');
  const logs = await harness().call('eth_newFilter', {});
  for (const value of [2, 3]) await emit(value);
  expect(await harness().call('eth_getFilterChanges', blocks)).toHaveLength(2);
  expect(await harness().call('eth_getFilterChanges', logs)).toHaveLength(2);
  chain.blocks.splice(-2);
  harness().node.rewound(BigInt(chain.blocks.length - 1));
  const { hash } = harness().node.mine();
  expect(await harness().call('eth_getFilterChanges', blocks)).toEqual([hash]);
});

test('pending transaction filters tell hashes', async () => {
  const id = await harness().call('eth_newPendingTransactionFilter');
  const hash = await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x5208' });
  expect(await harness().call('eth_getFilterChanges', id)).toEqual([hash]);
  expect(await harness().call('eth_getFilterChanges', id)).toEqual([]);
});

describe('life', () => {
  test('a filter that is polled lives, one that is not is gone after five minutes', async () => {
    const polled = await harness().call('eth_newBlockFilter');
    const left = await harness().call('eth_newBlockFilter');
    harness().nowMs += FILTER_LIFE_MS - 1;
    expect(await harness().call('eth_getFilterChanges', polled)).toEqual([]);
    harness().nowMs += 1;
    expect(await harness().fail('eth_getFilterChanges', left)).toMatchObject({
      code: -32000,
      message: expect.stringContaining('filter not found'),
    });
    expect(await harness().call('eth_getFilterChanges', polled)).toEqual([]);
    expect(await harness().call('eth_uninstallFilter', left)).toBe(false);
  });

  test('uninstall', async () => {
    const id = await harness().call('eth_newBlockFilter');
    expect(await harness().call('eth_uninstallFilter', id)).toBe(true);
    expect(await harness().call('eth_uninstallFilter', id)).toBe(false);
    expect((await harness().fail('eth_getFilterChanges', id)).code).toBe(-32000);
    expect((await harness().fail('eth_uninstallFilter', 'x')).code).toBe(-32602);
  });

  test('there is a cap; expired ones make room', async () => {
    const request = (id: number): object => ({ jsonrpc: '2.0', id, method: 'eth_newBlockFilter' });
    await harness().post(JSON.stringify(Array.from({ length: MAX_FILTERS }, (_, id) => request(id))));
    const error = await harness().fail('eth_newBlockFilter');
    expect(error).toMatchObject({ code: -32000, message: expect.stringContaining('too many filters') });
    harness().nowMs += FILTER_LIFE_MS;
    expect(await harness().call('eth_newBlockFilter')).toMatch(/^0x/);
  });
});
