import { decodeRlp, type Hex, hexToBytes } from '@heddle/primitives';
import { decodeTransaction, signTransaction, type UnsignedTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { Transaction } from 'ethers';
import { ALICE, BOB, CHAIN_ID, KEYS } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const FIELDS: UnsignedTransaction = {
  type: 2,
  chainId: CHAIN_ID,
  nonce: 0n,
  gasLimit: 21_000n,
  to: BOB,
  value: 5n,
  data: new Uint8Array(),
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1n,
  accessList: [],
};

function signed(nonce: bigint): { readonly raw: string; readonly hash: Hex } {
  const { raw, hash } = signTransaction({ ...FIELDS, nonce }, hexToBytes(KEYS[0]));
  return { raw: `0x${Buffer.from(raw).toString('hex')}`, hash };
}

describe('eth_sendRawTransactionSync (EIP-7966)', () => {
  test('answers with the receipt once the transaction is executed', async () => {
    const { raw, hash } = signed(0n);
    expect(await harness().call('eth_sendRawTransactionSync', raw)).toMatchObject({
      transactionHash: hash,
      status: '0x1',
    });
    expect(harness().node.listenerCount).toBe(3);
  });

  test('waits for a block that comes later', async () => {
    const { node } = harness();
    node.automine = false;
    const { raw, hash } = signed(0n);
    const answer = harness().call('eth_sendRawTransactionSync', raw, '0x2710');
    while (node.pool.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    node.mine();
    expect(await answer).toMatchObject({ transactionHash: hash, blockNumber: '0x1' });
  });

  test('a time-out tells the hash, and nobody listens any more', async () => {
    harness().node.automine = false;
    const { raw, hash } = signed(0n);
    expect(await harness().fail('eth_sendRawTransactionSync', raw, 20)).toEqual({
      code: 4,
      message: 'the transaction was added to the pool but not executed within 0.02 s: ask for its receipt by its hash',
      data: hash,
    });
    expect(harness().node.listenerCount).toBe(3);
  });

  test('behind a nonce gap nothing is sent, and the next nonce is told', async () => {
    expect(await harness().fail('eth_sendRawTransactionSync', signed(3n).raw)).toMatchObject({ code: 6, data: '0x0' });
    expect(harness().node.pool).toHaveLength(0);
  });

  test('refusals are those of eth_sendRawTransaction', async () => {
    expect(await harness().fail('eth_sendRawTransactionSync', '0x1234')).toMatchObject({ code: -32602 });
    expect(await harness().fail('eth_sendRawTransactionSync', '0x03')).toMatchObject({ code: -32000 });
    expect(await harness().fail('eth_sendRawTransactionSync', signed(0n).raw, -1)).toMatchObject({ code: -32602 });
  });

  test('the same for an unlocked account', async () => {
    const request = { from: ALICE, to: BOB, gas: '0x5208', value: '0x1' };
    expect(await harness().call('eth_sendTransactionSync', request)).toMatchObject({ from: ALICE, status: '0x1' });
  });
});

describe('eth_fillTransaction', () => {
  test.each(['0x0', '0x1', '0x2'])(
    'type %s: everything that is missing, and an encoding that ethers reads',
    async (type) => {
      harness().node.outcome = { kind: 'success', returnData: new Uint8Array(), gasUsed: 30_000n };
      const request = { from: ALICE, to: BOB, value: '0x1', data: '0xabcd', type };
      const filled = await harness().call('eth_fillTransaction', request);
      expect(filled).toMatchObject({
        tx: { type, from: ALICE, to: BOB, nonce: '0x0', gas: '0x7530', input: '0xabcd', r: '0x0' },
      });
      if (typeof filled !== 'object' || filled === null || !('raw' in filled) || typeof filled.raw !== 'string')
        throw new Error();
      if (type === '0x0') return expect(decodeRlp(hexToBytes(`0x${filled.raw.slice(2)}`))).toHaveLength(9);
      return expect(decodeRlp(hexToBytes(`0x${filled.raw.slice(4)}`))).toHaveLength(type === '0x1' ? 11 : 12);
    },
  );

  test('a revert in the estimate is told with its data', async () => {
    harness().node.outcome = { kind: 'revert', returnData: Uint8Array.of(1, 2), gasUsed: 1n };
    expect(await harness().fail('eth_fillTransaction', { from: ALICE, to: BOB })).toMatchObject({
      code: 3,
      data: '0x0102',
    });
  });

  test('needs no account of the node', async () => {
    const stranger = `0x${'ab'.repeat(20)}`;
    expect(await harness().call('eth_fillTransaction', { from: stranger, to: BOB })).toMatchObject({
      tx: { from: stranger },
    });
  });
});

describe('eth_signTransaction', () => {
  test('gives the bytes that eth_sendRawTransaction takes, and sends nothing', async () => {
    const raw = await harness().call('eth_signTransaction', { from: ALICE, to: BOB, gas: '0x5208', value: '0x1' });
    if (typeof raw !== 'string') throw new Error('not bytes');
    expect(harness().node.pool).toHaveLength(0);
    expect(Transaction.from(raw)).toMatchObject({ type: 2, value: 1n });
    const { hash } = decodeTransaction(hexToBytes(`0x${raw.slice(2)}`));
    expect(await harness().call('eth_sendRawTransaction', raw)).toBe(hash);
  });

  test('of a stranger is refused', async () => {
    const request = { from: `0x${'ab'.repeat(20)}`, to: BOB };
    expect(await harness().fail('eth_signTransaction', request)).toMatchObject({ code: -32000 });
    expect(await harness().fail('eth_signTransaction', { to: BOB })).toMatchObject({ code: -32602 });
  });
});
