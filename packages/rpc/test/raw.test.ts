import { bytesToHex, decodeRlp, hexToBytes, keccak256Hex, type RlpItem } from '@heddle/primitives';
import { decodeBlockHeader, decodeReceipt, decodeTransaction, hashBlockHeader } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const ABSENT = `0x${'12'.repeat(32)}`;

async function bytesOf(method: string, ...params: readonly unknown[]): Promise<Uint8Array> {
  const result = await harness().call(method, ...params);
  if (typeof result !== 'string') throw new Error(`not bytes: ${JSON.stringify(result)}`);
  return hexToBytes(`0x${result.slice(2)}`);
}

/** One of type 0 and one of type 2 with a log, in one block. */
async function twoTransactions(): Promise<readonly unknown[]> {
  const { node } = harness();
  node.automine = false;
  const hashes = [
    await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x5208', type: '0x0', value: '0x1' }),
    await harness().call('eth_sendTransaction', {
      from: BOB,
      to: LOGGER,
      gas: '0x186a0',
      data: `0x${'ab'.repeat(32)}`,
    }),
  ];
  node.mine();
  return hashes;
}

function listAt(item: RlpItem | undefined): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw new Error('not a list');
  return item;
}

describe('binary forms decode to what JSON shows', () => {
  test('a header hashes to its block', async () => {
    await twoTransactions();
    const header = decodeBlockHeader(await bytesOf('debug_getRawHeader', 'latest'));
    expect(hashBlockHeader(header)).toBe(harness().node.chain.head.hash);
  });

  test('a block holds the header and its transactions, each in its own form', async () => {
    const hashes = await twoTransactions();
    const [header, transactions, ommers, withdrawals] = listAt(decodeRlp(await bytesOf('debug_getRawBlock', '0x1')));
    expect(listAt(header)).toHaveLength(21);
    expect([ommers, withdrawals]).toEqual([[], []]);
    const [legacy, typed] = listAt(transactions);
    expect(listAt(legacy)).toHaveLength(9);
    expect(typed instanceof Uint8Array && keccak256Hex(typed)).toBe(hashes[1]);
  });

  test('transactions by hash and by place, final or pooled', async () => {
    const [first, second] = await twoTransactions();
    const raw = await bytesOf('debug_getRawTransaction', first);
    expect(decodeTransaction(raw).hash).toBe(first);
    expect(await harness().call('eth_getRawTransactionByHash', first)).toBe(bytesToHex(raw));
    const { hash } = harness().node.chain.head;
    for (const [method, id] of [
      ['eth_getRawTransactionByBlockNumberAndIndex', 'latest'],
      ['eth_getRawTransactionByBlockHashAndIndex', hash],
    ]) {
      expect(decodeTransaction(await bytesOf(method ?? '', id, '0x1')).hash).toBe(second);
      expect(await harness().call(method ?? '', id, '0x2')).toBeNull();
    }
    const pooled = await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x5208' });
    expect(decodeTransaction(await bytesOf('eth_getRawTransactionByHash', pooled)).hash).toBe(pooled);
  });

  test('receipts', async () => {
    await twoTransactions();
    const receipts = await harness().call('debug_getRawReceipts', 'latest');
    if (!Array.isArray(receipts)) throw new Error('not a list');
    const decoded = receipts.map((receipt: `0x${string}`) => decodeReceipt(hexToBytes(receipt)));
    expect(decoded).toEqual(harness().node.chain.head.executed.map(({ receipt }) => receipt));
  });

  test('what is not there', async () => {
    expect(await harness().call('debug_getRawTransaction', ABSENT)).toBe('0x');
    expect(await harness().call('eth_getRawTransactionByHash', ABSENT)).toBeNull();
    expect(await harness().call('debug_getBadBlocks')).toEqual([]);
    for (const method of ['debug_getRawHeader', 'debug_getRawBlock', 'debug_getRawReceipts']) {
      expect(await harness().fail(method, '0x99')).toMatchObject({ code: -32001 });
    }
  });

  test('code by its hash', async () => {
    const code = Uint8Array.of(0x60, 1);
    harness().node.chain.setAccount(BOB, { code });
    expect(await harness().call('debug_codeByHash', keccak256Hex(code))).toBe('0x6001');
    expect(await harness().call('debug_dbGet', `0x63${keccak256Hex(code).slice(2)}`)).toBe('0x6001');
    expect(await harness().call('debug_codeByHash', keccak256Hex(new Uint8Array()))).toBe('0x');
    expect(await harness().call('debug_codeByHash', ABSENT)).toBeNull();
    expect(await harness().fail('debug_dbGet', ABSENT)).toMatchObject({ code: -32602 });
  });
});
