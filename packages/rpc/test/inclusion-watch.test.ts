import { hexToBytes } from '@heddle/primitives';
import { type RecoveredTransaction, signTransaction } from '@heddle/types';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ClientGoneError } from '../src/errors.ts';
import { MAX_AWAITED_TRANSACTIONS } from '../src/limits.ts';
import type { RpcBackend } from '../src/ports.ts';
import { InclusionWatch } from '../src/wallet/inclusion-watch.ts';
import { BOB, CHAIN_ID, FakeNode, KEYS } from './support/fake-node.ts';

const LONG_MS = 60_000;
const NEVER = new AbortController().signal;

let node: FakeNode;
let backend: RpcBackend;
let watch: InclusionWatch;

beforeEach(() => {
  node = new FakeNode();
  node.automine = false;
  backend = node.backend(true);
  watch = new InclusionWatch(backend.chain, backend.events);
});

function payment(nonce: bigint): RecoveredTransaction {
  const fees = { maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 1n };
  const target = { to: BOB, value: 1n, data: new Uint8Array(), gasLimit: 21_000n };
  return signTransaction(
    { type: 2, chainId: CHAIN_ID, nonce, ...target, ...fees, accessList: [] },
    hexToBytes(KEYS[0]),
  );
}

describe('waiting for transactions', () => {
  test('everybody who waits for one is told, and then nobody listens', async () => {
    const transaction = payment(0n);
    await backend.pool.submit(transaction);
    const waits = [1, 2].map(() => watch.wait(transaction.hash, LONG_MS, NEVER));
    const other = watch.wait(payment(9n).hash, 5, NEVER);
    expect(node.listenerCount).toBe(1);
    node.mine();
    for (const found of await Promise.all(waits)) expect(found?.entry.transaction.hash).toBe(transaction.hash);
    expect(await other).toBeNull();
    expect(node.listenerCount).toBe(0);
  });

  test('what is in the chain already is found at once', async () => {
    const transaction = payment(0n);
    await backend.pool.submit(transaction);
    node.mine();
    expect(await watch.wait(transaction.hash, LONG_MS, NEVER)).not.toBeNull();
  });

  test('ends with the request', async () => {
    const gone = new AbortController();
    const wait = watch.wait(payment(0n).hash, LONG_MS, gone.signal);
    gone.abort(new ClientGoneError());
    await expect(wait).rejects.toBeInstanceOf(ClientGoneError);
    await expect(watch.wait(payment(0n).hash, LONG_MS, gone.signal)).rejects.toBeInstanceOf(ClientGoneError);
    expect(node.listenerCount).toBe(0);
  });

  test('no more than a limit at once, and again when some have ended', async () => {
    const gone = new AbortController();
    const { hash } = payment(0n);
    const waits = Array.from({ length: MAX_AWAITED_TRANSACTIONS }, () => watch.wait(hash, LONG_MS, gone.signal));
    expect(() => watch.wait(hash, LONG_MS, NEVER)).toThrow('too many requests wait for a transaction');
    gone.abort(new ClientGoneError());
    await Promise.allSettled(waits);
    expect(await watch.wait(hash, 1, NEVER)).toBeNull();
  });
});
