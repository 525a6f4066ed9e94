import { hexToBytes } from '@heddle/primitives';
import { decodeAccessList } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const STRANGER = `0x${'ab'.repeat(20)}`;

async function send(request: object): Promise<unknown> {
  return harness().call('eth_sendTransaction', { from: ALICE, gas: '0x186a0', ...request });
}

/** Hashes on a page, and whether it is the first and the last. */
function pageOf(page: unknown): readonly [readonly unknown[], unknown, unknown] {
  if (typeof page !== 'object' || page === null || !('txs' in page) || !Array.isArray(page.txs))
    throw new Error('no page');
  const { txs, firstPage, lastPage } = { firstPage: null, lastPage: null, ...page };
  return [Array.isArray(txs) ? txs.map(({ hash }: { readonly hash: unknown }) => hash) : [], firstPage, lastPage];
}

describe('blocks for Otterscan', () => {
  test('details, by number in any notation and by hash', async () => {
    await send({ to: BOB, value: '0x1', gasPrice: '0x77359400', type: '0x0' });
    const { hash } = harness().node.chain.head;
    const details = {
      block: { hash, number: '0x1', transactionCount: 1 },
      issuance: { blockReward: '0x0', uncleReward: '0x0', issuance: '0x0' },
      totalFees: `0x${(21_000n * 2_000_000_000n).toString(16)}`,
    };
    for (const id of [1, '0x1', 'latest'])
      expect(await harness().call('ots_getBlockDetails', id)).toMatchObject(details);
    expect(await harness().call('ots_getBlockDetailsByHash', hash)).toMatchObject(details);
    expect(await harness().call('ots_getBlockDetails', 9)).toBeNull();
    expect(await harness().call('erigon_getHeaderByNumber', 1)).toMatchObject({ hash, number: '0x1' });
    expect(await harness().call('ots_getApiLevel')).toBe(8);
  });

  test('transactions by page, the last ones first, without what a list does not show', async () => {
    harness().node.automine = false;
    const hashes: unknown[] = [];
    for (let i = 0; i < 5; i++)
      hashes.push(await send({ to: LOGGER, data: `0x${'ab'.repeat(32)}`, value: `0x${i + 1}` }));
    harness().node.mine();
    expect(await harness().call('ots_getBlockTransactions', 1, 0, 2)).toMatchObject({
      fullblock: { transactionCount: 5, transactions: [{ hash: hashes[3], input: '0xabababab' }, { hash: hashes[4] }] },
      receipts: [{ transactionHash: hashes[3], logs: null, logsBloom: null }, { transactionHash: hashes[4] }],
    });
    expect(await harness().call('ots_getBlockTransactions', 1, 2, 2)).toMatchObject({
      fullblock: { transactions: [{ hash: hashes[0] }] },
    });
    expect(await harness().call('ots_getBlockTransactions', 1, 3, 2)).toMatchObject({ receipts: [] });
    expect(await harness().fail('ots_getBlockTransactions', 1, 0, 0)).toMatchObject({ code: -32602 });
  });
});

describe('search for Otterscan', () => {
  test('an address is found as sender, target, in logs, and where a list says that it changed', async () => {
    const paid = await send({ to: BOB, value: '0x1' });
    await send({ to: LOGGER, data: '0x' });
    const changed = await send({ to: STRANGER, data: BOB });
    const sent = await send({ from: BOB, to: STRANGER });
    expect(pageOf(await harness().call('ots_searchTransactionsBefore', BOB, 0, 25))).toEqual([
      [sent, changed, paid],
      true,
      true,
    ]);
    expect(pageOf(await harness().call('ots_searchTransactionsAfter', BOB, 0, 25))).toEqual([
      [sent, changed, paid],
      true,
      true,
    ]);
    expect(pageOf(await harness().call('ots_searchTransactionsBefore', BOB, 0, 2))).toEqual([
      [sent, changed],
      true,
      false,
    ]);
    expect(pageOf(await harness().call('ots_searchTransactionsBefore', BOB, 3, 2))).toEqual([[paid], false, true]);
    expect(pageOf(await harness().call('ots_searchTransactionsAfter', BOB, 1, 1))).toEqual([[changed], false, false]);
    expect(pageOf(await harness().call('ots_searchTransactionsAfter', BOB, 99, 1))).toEqual([[], true, false]);
    expect(await harness().fail('ots_searchTransactionsAfter', BOB, 0, 5_000)).toMatchObject({ code: -32602 });
  });

  test.each([0n, 3n])('a transaction by sender and nonce, state being there from block %d on', async (oldest) => {
    const hashes: unknown[] = [];
    for (let i = 0; i < 5; i++) hashes.push(await send({ to: BOB, value: '0x1' }));
    harness().node.oldestState = oldest;
    for (const [nonce, hash] of hashes.entries()) {
      expect(await harness().call('ots_getTransactionBySenderAndNonce', ALICE, nonce)).toBe(hash);
      expect(await harness().call('eth_getTransactionBySenderAndNonce', ALICE, `0x${nonce}`)).toMatchObject({ hash });
    }
    expect(await harness().call('ots_getTransactionBySenderAndNonce', ALICE, 5)).toBeNull();
  });

  test.each([0n, 2n])('who created a contract, state being there from block %d on', async (oldest) => {
    const hash = await send({ data: '0x6000' });
    const receipt = await harness().call('eth_getTransactionReceipt', hash);
    const { contractAddress } = { contractAddress: null, ...(typeof receipt === 'object' ? receipt : {}) };
    await send({ to: BOB });
    harness().node.oldestState = oldest;
    expect(await harness().call('ots_getContractCreator', contractAddress)).toEqual({ hash, creator: ALICE });
    expect(await harness().call('ots_hasCode', contractAddress, 'latest')).toBe(true);
    expect(await harness().call('ots_hasCode', contractAddress, 0)).toBe(false);
    expect(await harness().call('ots_getContractCreator', STRANGER)).toBeNull();
  });
});

describe('block access lists (EIP-7928)', () => {
  test('as JSON and as RLP', async () => {
    await send({ to: BOB });
    const list = [
      {
        address: ALICE,
        storageChanges: [],
        storageReads: [],
        balanceChanges: [],
        nonceChanges: [{ index: '0x1', value: '0x1' }],
        codeChanges: [],
      },
    ];
    const { hash } = harness().node.chain.head;
    expect(await harness().call('eth_getBlockAccessList', 'latest')).toEqual(list);
    expect(await harness().call('eth_getBlockAccessListByBlockNumber', '0x1')).toEqual(list);
    expect(await harness().call('eth_getBlockAccessListByBlockHash', hash)).toEqual(list);
    const raw = await harness().call('debug_getRawBlockAccessList', '0x1');
    if (typeof raw !== 'string') throw new Error('not bytes');
    expect(decodeAccessList(hexToBytes(`0x${raw.slice(2)}`))).toEqual(harness().node.chain.accessList(1));
  });

  test('genesis has none, and neither has what is not there', async () => {
    expect(await harness().fail('eth_getBlockAccessList', 'earliest')).toMatchObject({ code: -32001 });
    expect(await harness().call('eth_getBlockAccessList', '0x5')).toBeNull();
    expect(await harness().fail('debug_getRawBlockAccessList', '0x5')).toMatchObject({ code: -32001 });
  });
});
