import { hexToBytes } from '@heddle/primitives';
import type { Hash, RecoveredTransaction } from '@heddle/types';
import { signTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB, CHAIN_ID, KEYS } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const topic = (value: number): Hash => `0x${value.toString(16).padStart(64, '0')}`;

async function emit(...topics: readonly number[]): Promise<void> {
  const data = `0x${topics.map((value) => topic(value).slice(2)).join('')}`;
  await harness().call('eth_sendTransaction', { from: ALICE, to: LOGGER, gas: '0x186a0', data });
}

async function topicsFound(filter: object): Promise<unknown> {
  const logs = await harness().call('eth_getLogs', { fromBlock: 'earliest', ...filter });
  return Array.isArray(logs) ? logs.map((log) => log.topics.map((value: string) => Number(value))) : logs;
}

describe('eth_getLogs', () => {
  test('topics by position, alternatives and wildcards', async () => {
    await emit(1, 2);
    await emit(1, 3);
    await emit(4);
    await emit();
    expect(await topicsFound({})).toEqual([[1, 2], [1, 3], [4], []]);
    expect(await topicsFound({ topics: [] })).toHaveLength(4);
    expect(await topicsFound({ topics: [topic(1)] })).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(await topicsFound({ topics: [[topic(1), topic(4)]] })).toHaveLength(3);
    expect(await topicsFound({ topics: [null, topic(3)] })).toEqual([[1, 3]]);
    expect(await topicsFound({ topics: [[], topic(3)] })).toEqual([[1, 3]]);
    expect(await topicsFound({ topics: [[topic(9), null], topic(2)] })).toEqual([[1, 2]]);
    expect(await topicsFound({ topics: [null, null] })).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(await topicsFound({ topics: [topic(2)] })).toEqual([]);
  });

  test('addresses, one or several', async () => {
    await emit(1);
    expect(await topicsFound({ address: LOGGER })).toEqual([[1]]);
    expect(await topicsFound({ address: [BOB, LOGGER] })).toEqual([[1]]);
    expect(await topicsFound({ address: BOB })).toEqual([]);
    expect(await topicsFound({ address: [] })).toEqual([[1]]);
    expect(await topicsFound({ address: null })).toEqual([[1]]);
  });

  test('ranges: the head alone by default, by number, by hash', async () => {
    await emit(1);
    await emit(2);
    const block = harness().node.chain.head;
    expect(await harness().call('eth_getLogs', {})).toMatchObject([{ topics: [topic(2)], blockHash: block.hash }]);
    expect(await topicsFound({ toBlock: '0x1' })).toEqual([[1]]);
    expect(await topicsFound({ fromBlock: '0x2', toBlock: 'pending' })).toEqual([[2]]);
    expect(await harness().call('eth_getLogs', { blockHash: block.hash })).toEqual([
      {
        address: LOGGER,
        topics: [topic(2)],
        data: topic(0),
        blockHash: block.hash,
        blockNumber: '0x2',
        blockTimestamp: '0x6553f102',
        transactionHash: block.executed[0]?.transaction.hash,
        transactionIndex: '0x0',
        logIndex: '0x0',
        removed: false,
      },
    ]);
  });

  test.each([
    [{ toBlock: '0x9' }, 'block range extends beyond current head block: toBlock 9, head 1'],
    [{ fromBlock: '0x1', toBlock: '0x0' }, 'invalid block range params: fromBlock 1 is after toBlock 0'],
    [{ fromBlock: '0x5' }, 'invalid block range params: fromBlock 5 is after toBlock 1'],
    [
      { blockHash: topic(1), fromBlock: '0x1' },
      'invalid argument 0: cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other',
    ],
    [{ topics: [1, 2, 3, 4, 5] }, 'invalid argument 0: topics: exceed max topics: 5, at most 4'],
    [{ topics: ['0x1'] }, 'invalid argument 0: topics: [0]: hex string has length 1, want 64 for a hash'],
    [{ topics: 'x' }, 'invalid argument 0: topics: want an array, got a string'],
    [{ address: '0x1' }, 'invalid argument 0: address: hex string has length 1, want 40 for an address'],
    [[], 'invalid argument 0: want a filter object, got an array'],
  ])('%j is −32602', async (filter, message) => {
    harness().node.mine();
    expect(await harness().fail('eth_getLogs', filter)).toMatchObject({ code: -32602, message });
  });

  test('an unknown block hash is an error', async () => {
    expect((await harness().fail('eth_getLogs', { blockHash: topic(1) })).code).toBe(-32001);
  });
});

describe('limits', () => {
  function loggers(count: number, startNonce: number): readonly RecoveredTransaction[] {
    const key = hexToBytes(KEYS[0]);
    const fields = { to: LOGGER, gasLimit: 21_000n, gasPrice: 1n, value: 0n, data: hexToBytes(topic(7)) };
    const signed = signTransaction({ ...fields, type: 0, chainId: CHAIN_ID, nonce: BigInt(startNonce) }, key);
    return Array.from({ length: count }, () => signed);
  }

  test('over 20,000 logs the error names the range that fits, and that range works', async () => {
    const { chain } = harness().node;
    chain.append(loggers(15_000, 0));
    chain.append(loggers(4_000, 1));
    chain.append(loggers(2_000, 2));
    const filter = { fromBlock: '0x0', toBlock: '0x3', topics: [topic(7)] };
    expect(await harness().fail('eth_getLogs', filter)).toMatchObject({
      code: -32602,
      message: 'query returns more than 20000 logs; this block range should work: [0x0, 0x2]',
    });
    expect(await harness().call('eth_getLogs', { ...filter, toBlock: '0x2' })).toHaveLength(19_000);
    chain.append(loggers(20_001, 3));
    const { message } = await harness().fail('eth_getLogs', { ...filter, fromBlock: '0x4', toBlock: '0x4' });
    expect(message).toContain('of one block');
  });

  test('over 100,000 blocks the error names the range that fits; the scan lets others work', async () => {
    const { chain } = harness().node;
    const [genesis] = chain.blocks;
    if (genesis === undefined) throw new Error('no genesis');
    const { block } = genesis;
    for (let number = 1n; number <= 100_000n; number++) {
      chain.blocks.push({ ...genesis, block: { ...block, header: { ...block.header, number } } });
    }
    expect(await harness().fail('eth_getLogs', { fromBlock: 'earliest' })).toMatchObject({
      code: -32602,
      message:
        'query exceeds max block range 100000: it spans 100001 blocks; this block range should work: [0x0, 0x1869f]',
    });
    let turnsOfOthers = 0;
    const timer = setInterval(() => {
      turnsOfOthers += 1;
    }, 1);
    const filter = { fromBlock: '0x1', toBlock: 'latest', address: LOGGER, topics: [topic(7)] };
    expect(await harness().call('eth_getLogs', filter)).toEqual([]);
    clearInterval(timer);
    expect(turnsOfOthers).toBeGreaterThan(1);
  });
});
