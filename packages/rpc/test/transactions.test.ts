import { bytesToHex, hexToBytes } from '@heddle/primitives';
import type { UnsignedTransaction } from '@heddle/types';
import { signTransaction } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { isUncheckedObject } from '../src/json.ts';
import { FAILER, LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB, CHAIN_ID, KEYS } from './support/fake-node.ts';
import { useServer } from './support/harness.ts';

const harness = useServer();
const GWEI = 1_000_000_000n;
const BASE = { nonce: 0n, gasLimit: 100_000n, to: BOB, value: 1n, data: new Uint8Array() };
const FEES = { maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: GWEI };
const ACCESS = [{ address: BOB, storageKeys: [`0x${'00'.repeat(31)}07`] }] as const;

function sign(fields: UnsignedTransaction): string {
  return bytesToHex(signTransaction(fields, hexToBytes(KEYS[0])).raw);
}

async function sendAndGet(fields: UnsignedTransaction): Promise<Readonly<Record<string, unknown>>> {
  const hash = await harness().call('eth_sendRawTransaction', sign(fields));
  const found = await harness().call('eth_getTransactionByHash', hash);
  if (!isUncheckedObject(found)) throw new Error('not found');
  return found;
}

describe('each type as it is shown', () => {
  test('legacy with EIP-155', async () => {
    const shown = await sendAndGet({ ...BASE, type: 0, chainId: CHAIN_ID, gasPrice: 2n * GWEI });
    expect(shown).toMatchObject({ type: '0x0', chainId: '0x7a69', gasPrice: '0x77359400', from: ALICE, input: '0x' });
    expect(['0xf4f5', '0xf4f6']).toContain(shown.v);
    expect(shown).not.toHaveProperty('yParity');
    expect(shown).not.toHaveProperty('accessList');
    expect(shown).not.toHaveProperty('maxFeePerGas');
  });

  test('legacy before EIP-155: v is 27 or 28, no chain ID', async () => {
    const shown = await sendAndGet({ ...BASE, type: 0, chainId: null, gasPrice: 2n * GWEI });
    expect(['0x1b', '0x1c']).toContain(shown.v);
    expect(shown).not.toHaveProperty('chainId');
  });

  test('type 1', async () => {
    const shown = await sendAndGet({ ...BASE, type: 1, chainId: CHAIN_ID, gasPrice: 2n * GWEI, accessList: ACCESS });
    expect(shown).toMatchObject({ type: '0x1', accessList: ACCESS, chainId: '0x7a69' });
    expect(shown.yParity).toBe(shown.v);
    expect(['0x0', '0x1']).toContain(shown.yParity);
  });

  test('type 2: gasPrice is the maximum while pending, what was paid afterwards', async () => {
    harness().node.automine = false;
    const pending = await sendAndGet({ ...BASE, ...FEES, type: 2, chainId: CHAIN_ID, accessList: [] });
    expect(pending).toMatchObject({
      type: '0x2',
      gasPrice: '0xb2d05e00',
      maxFeePerGas: '0xb2d05e00',
      maxPriorityFeePerGas: '0x3b9aca00',
      accessList: [],
      blockHash: null,
      blockNumber: null,
      transactionIndex: null,
    });
    expect(await harness().call('eth_getTransactionReceipt', pending.hash)).toBeNull();
    const block = harness().node.mine();
    expect(await harness().call('eth_getTransactionByHash', pending.hash)).toMatchObject({
      gasPrice: '0x77359400',
      blockHash: block.hash,
      blockNumber: '0x1',
      transactionIndex: '0x0',
      blockTimestamp: '0x6553f101',
    });
  });

  test('type 4', async () => {
    const authorization = { chainId: 0n, address: BOB, nonce: 5n, yParity: 1, r: 15n, s: 2n ** 255n };
    const fields: UnsignedTransaction = {
      ...BASE,
      ...FEES,
      type: 4,
      chainId: CHAIN_ID,
      accessList: [],
      authorizationList: [authorization],
    };
    expect(await sendAndGet(fields)).toMatchObject({
      type: '0x4',
      authorizationList: [
        { chainId: '0x0', address: BOB, nonce: '0x5', yParity: '0x1', r: '0xf', s: `0x8${'0'.repeat(63)}` },
      ],
    });
  });
});

describe('receipts', () => {
  test('a transfer, a failure, a creation and logs over one block', async () => {
    const { node } = harness();
    node.automine = false;
    const targets = [
      { to: BOB },
      { to: FAILER },
      { to: null, data: Uint8Array.of(0xfe) },
      { to: LOGGER },
      { to: LOGGER },
    ];
    const hashes: unknown[] = [];
    for (const [index, target] of targets.entries()) {
      const fields = {
        ...BASE,
        ...target,
        ...FEES,
        nonce: BigInt(index),
        chainId: CHAIN_ID,
        accessList: [],
        value: 0n,
      };
      hashes.push(await harness().call('eth_sendRawTransaction', sign({ ...fields, type: 2 })));
    }
    const block = node.mine();
    const receipts = await Promise.all(hashes.map((hash) => harness().call('eth_getTransactionReceipt', hash)));
    expect(receipts[0]).toEqual({
      type: '0x2',
      status: '0x1',
      transactionHash: hashes[0],
      transactionIndex: '0x0',
      blockHash: block.hash,
      blockNumber: '0x1',
      from: ALICE,
      to: BOB,
      contractAddress: null,
      gasUsed: '0x5208',
      cumulativeGasUsed: '0x5208',
      effectiveGasPrice: '0x77359400',
      logsBloom: `0x${'00'.repeat(256)}`,
      logs: [],
    });
    expect(receipts[1]).toMatchObject({ status: '0x0', cumulativeGasUsed: '0xa410' });
    expect(receipts[2]).toMatchObject({ to: null, contractAddress: expect.stringMatching(/^0x[0-9a-f]{40}$/) });
    expect(receipts[4]).toMatchObject({ transactionIndex: '0x4', logs: [{ logIndex: '0x1', removed: false }] });
  });
});

describe('refusals', () => {
  test('malformed bytes are −32602, nothing is submitted', async () => {
    for (const raw of [
      '0x',
      '0x02',
      '0xc0',
      '0xdeadbeef',
      `${sign({ ...BASE, type: 0, chainId: null, gasPrice: 1n })}00`,
    ]) {
      const error = await harness().fail('eth_sendRawTransaction', raw);
      expect(error.code).toBe(-32602);
      expect(error.message).toContain('not a signed transaction');
    }
    expect((await harness().fail('eth_sendRawTransaction', 'hello')).code).toBe(-32602);
    expect(harness().node.chain.head.block.header.number).toBe(0n);
  });

  test("blob transactions are refused in viem's words", async () => {
    const error = await harness().fail('eth_sendRawTransaction', `0x03${'c0'.repeat(4)}`);
    expect(error).toMatchObject({ code: -32000, message: expect.stringContaining('transaction type not valid') });
    expect(error.message).toContain('blob');
  });

  test("the pool's reason reaches the client as it is, −32000", async () => {
    const raw = sign({ ...BASE, ...FEES, type: 2, chainId: CHAIN_ID, accessList: [] });
    await harness().call('eth_sendRawTransaction', raw);
    expect(await harness().fail('eth_sendRawTransaction', raw)).toMatchObject({
      code: -32000,
      message: 'already known',
    });
    const stale = sign({ ...BASE, ...FEES, value: 2n, type: 2, chainId: CHAIN_ID, accessList: [] });
    expect(await harness().fail('eth_sendRawTransaction', stale)).toMatchObject({
      code: -32000,
      message: 'nonce too low: next nonce 1, tx nonce 0',
    });
  });
});
