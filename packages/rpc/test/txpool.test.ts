import { beforeEach, describe, expect, test } from '@jest/globals';
import { ALICE, BOB } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();

/** Alice has nonces 0, 1 and 5 in the pool, Bob creates a contract with 0. */
async function fillPool(): Promise<void> {
  harness().node.automine = false;
  const base = { gas: '0x5208', maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x1' };
  for (const nonce of ['0x5', '0x0', '0x1']) {
    await harness().call('eth_sendTransaction', { ...base, from: ALICE, to: BOB, value: '0x7', nonce });
  }
  await harness().call('eth_sendTransaction', { ...base, from: BOB, data: '0x6000', gas: '0x186a0' });
}

describe('the pool', () => {
  test('is empty at first', async () => {
    expect(await harness().call('txpool_status')).toEqual({ pending: '0x0', queued: '0x0' });
    expect(await harness().call('txpool_content')).toEqual({ pending: {}, queued: {} });
  });

  describe('filled', () => {
    beforeEach(fillPool);

    test('counts what can run and what waits for a nonce', async () => {
      expect(await harness().call('txpool_status')).toEqual({ pending: '0x3', queued: '0x1' });
    });

    test('is listed by sender and nonce', async () => {
      const listed = { from: ALICE, to: BOB, value: '0x7', blockHash: null, transactionIndex: null };
      const content = await harness().call('txpool_content');
      expect(content).toMatchObject({
        pending: { [ALICE]: { 0: { ...listed, nonce: '0x0' }, 1: listed }, [BOB]: { 0: { from: BOB, to: null } } },
        queued: { [ALICE]: { 5: { ...listed, nonce: '0x5' } } },
      });
      expect(await harness().call('txpool_contentFrom', ALICE)).toMatchObject({
        pending: { 0: listed },
        queued: { 5: listed },
      });
      expect(await harness().call('txpool_contentFrom', `0x${'9'.repeat(40)}`)).toEqual({ pending: {}, queued: {} });
    });

    test('is summarized in geth’s line', async () => {
      expect(await harness().call('txpool_inspect')).toEqual({
        pending: {
          [ALICE]: {
            0: `${BOB}: 7 wei + 21000 gas × 2000000000 wei`,
            1: `${BOB}: 7 wei + 21000 gas × 2000000000 wei`,
          },
          [BOB]: { 0: 'contract creation: 0 wei + 100000 gas × 2000000000 wei' },
        },
        queued: { [ALICE]: { 5: `${BOB}: 7 wei + 21000 gas × 2000000000 wei` } },
      });
      expect(await harness().call('eth_pendingTransactions')).toHaveLength(4);
    });
  });
});
