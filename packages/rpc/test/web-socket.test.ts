import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { isUncheckedObject } from '../src/json.ts';
import { MAX_IN_FLIGHT_PER_CONNECTION, MAX_REQUEST_BYTES, MAX_SUBSCRIPTIONS_PER_CONNECTION } from '../src/limits.ts';
import { LOGGER } from './support/fake-chain.ts';
import { ALICE, BOB } from './support/fake-node.ts';
import { errorOf, useServer } from './support/harness.ts';
import { WebSocketClient } from './support/web-socket-client.ts';

const harness = useServer();
const connectClient = (): Promise<WebSocketClient> => WebSocketClient.connect(harness().wsUrl);
const topic = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`;

function resultOf(answer: unknown): unknown {
  if (!isUncheckedObject(answer)) throw new Error('not an answer');
  return answer.result;
}

/** What a notification carries. */
function pushed(message: unknown): unknown {
  const params = isUncheckedObject(message) ? message.params : undefined;
  if (!isUncheckedObject(params)) throw new Error(`not a notification: ${JSON.stringify(message)}`);
  return params.result;
}

describe('requests', () => {
  test('single, batch, notification, nonsense', async () => {
    const client = await connectClient();
    expect(await client.ask('eth_chainId')).toEqual({ jsonrpc: '2.0', id: 'eth_chainId', result: '0x7a69' });
    client.send([{ jsonrpc: '2.0', id: 1, method: 'eth_chainId' }]);
    expect(await client.next()).toHaveLength(1);
    client.send({ jsonrpc: '2.0', method: 'eth_chainId' });
    client.socket.send('nonsense');
    expect(errorOf(await client.next()).code).toBe(-32700);
    client.socket.send(Buffer.from('{"jsonrpc":"2.0","id":7,"method":"eth_chainId"}'));
    expect(await client.next()).toMatchObject({ id: 7 });
  });

  // The id comes back: with it an answer is as long as wanted, around the widths that a frame has for its length.
  test.each([60, 80, 81, 82, 100, 65_480, 65_489, 65_490, 65_491, 65_540, 200_000])(
    'an answer of %p characters and some',
    async (length) => {
      const client = await connectClient();
      for (const character of ['a', 'é', '€', '😀']) {
        const id = character.repeat(length / character.length);
        client.send({ jsonrpc: '2.0', id, method: 'eth_chainId' });
        expect(await client.next()).toEqual({ jsonrpc: '2.0', id, result: '0x7a69' });
      }
      expect(client.waiting).toBe(0);
    },
  );

  test('a long answer keeps its place, and a pong comes between its fragments', async () => {
    const client = await connectClient();
    harness().node.chain.setAccount(BOB, { code: new Uint8Array(1_000_000).fill(0xab) });
    const ponged = once(client.socket, 'pong');
    client.send({ jsonrpc: '2.0', id: 1, method: 'eth_getCode', params: [BOB, 'latest'] });
    client.send({ jsonrpc: '2.0', id: 2, method: 'eth_chainId' });
    client.socket.ping();
    expect(await client.next()).toEqual({ jsonrpc: '2.0', id: 1, result: `0x${'ab'.repeat(1_000_000)}` });
    expect(await client.next()).toEqual({ jsonrpc: '2.0', id: 2, result: '0x7a69' });
    await ponged;
    expect(await client.ask('eth_chainId')).toMatchObject({ result: '0x7a69' });
  });

  test('a message over 5 MiB ends the connection with 1009', async () => {
    const client = await connectClient();
    client.socket.send(' '.repeat(MAX_REQUEST_BYTES + 1));
    expect((await client.closed).code).toBe(1009);
  });

  test('more requests at once than are worked on at once: all are answered', async () => {
    const client = await connectClient();
    harness().node.submitDelayMs = 5;
    const count = 20 * MAX_IN_FLIGHT_PER_CONNECTION;
    const params = [ALICE, 'pending'];
    for (let id = 0; id < count; id++) client.send({ jsonrpc: '2.0', id, method: 'eth_getTransactionCount', params });
    const seen = new Set<unknown>();
    while (seen.size < count) {
      const answer = await client.next();
      seen.add(isUncheckedObject(answer) ? answer.id : null);
    }
    expect(seen.size).toBe(count);
  });

  test('sends whose answers are held back do not keep others waiting', async () => {
    const client = await connectClient();
    let execute = (): void => {};
    harness().node.executed = new Promise((resolve) => {
      execute = resolve;
    });
    const sends = 2 * MAX_IN_FLIGHT_PER_CONNECTION;
    const params = [{ from: ALICE, to: BOB, gas: '0x5208' }];
    for (let id = 0; id < sends; id++) client.send({ jsonrpc: '2.0', id, method: 'eth_sendTransaction', params });
    expect(await client.ask('eth_chainId')).toMatchObject({ id: 'eth_chainId', result: '0x7a69' });
    execute();
    for (let i = 0; i < sends; i++) expect(resultOf(await client.next())).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('an upgrade to something else, and a broken handshake, do no harm', async () => {
    await new Promise<void>((resolve) => {
      const { port } = new URL(harness().url);
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\n');
      });
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect(await harness().call('eth_chainId')).toBe('0x7a69');
  });
});

describe('subscriptions', () => {
  test('newHeads: pushed after the block can be queried', async () => {
    const client = await connectClient();
    const id = resultOf(await client.ask('eth_subscribe', 'newHeads'));
    const block = harness().node.mine();
    const message = await client.next();
    expect(message).toMatchObject({
      jsonrpc: '2.0',
      method: 'eth_subscription',
      params: { subscription: id, result: { number: '0x1', hash: block.hash } },
    });
    expect(pushed(message)).not.toHaveProperty('transactions');
    expect(resultOf(await client.ask('eth_getBlockByHash', block.hash))).toMatchObject({ hash: block.hash });
  });

  test('logs by criteria', async () => {
    const client = await connectClient();
    await client.ask('eth_subscribe', 'logs', { address: LOGGER, topics: [[topic(2), topic(3)]] });
    const everything = await connectClient();
    await everything.ask('eth_subscribe', 'logs');
    for (const value of [1, 2, 3]) {
      await harness().call('eth_sendTransaction', { from: ALICE, to: LOGGER, gas: '0x186a0', data: topic(value) });
    }
    expect(pushed(await client.next())).toMatchObject({ topics: [topic(2)], removed: false });
    expect(pushed(await client.next())).toMatchObject({ topics: [topic(3)] });
    for (const value of [1, 2, 3]) expect(pushed(await everything.next())).toMatchObject({ topics: [topic(value)] });
  });

  test('newPendingTransactions: hashes, or whole', async () => {
    const client = await connectClient();
    await client.ask('eth_subscribe', 'newPendingTransactions');
    const hash = await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x5208' });
    expect(pushed(await client.next())).toBe(hash);
    const whole = await connectClient();
    await whole.ask('eth_subscribe', 'newPendingTransactions', true);
    const next = await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x5208' });
    expect(pushed(await whole.next())).toMatchObject({ hash: next, from: ALICE, blockHash: null });
  });

  test('an answer comes before anything that it announces, in a batch too', async () => {
    const client = await connectClient();
    client.send([
      { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] },
      { jsonrpc: '2.0', id: 2, method: 'evm_mine' },
    ]);
    expect(await client.next()).toHaveLength(2);
    harness().node.mine();
    expect(pushed(await client.next())).toMatchObject({ number: '0x2' });
  });

  test('unsubscribe stops it; other connections can not', async () => {
    const client = await connectClient();
    const other = await connectClient();
    const id = resultOf(await client.ask('eth_subscribe', 'newHeads'));
    expect(errorOf(await other.ask('eth_unsubscribe', id))).toMatchObject({ code: -32000 });
    expect(resultOf(await client.ask('eth_unsubscribe', id))).toBe(true);
    harness().node.mine();
    expect(errorOf(await client.ask('eth_unsubscribe', id)).message).toContain('subscription not found');
    expect(client.waiting).toBe(0);
  });

  test('what can not be subscribed to', async () => {
    const client = await connectClient();
    expect(errorOf(await client.ask('eth_subscribe', 'nonsense'))).toMatchObject({
      code: -32602,
      message: 'no "nonsense" subscription in eth namespace, want newHeads, logs or newPendingTransactions',
    });
    expect(errorOf(await client.ask('eth_subscribe')).code).toBe(-32602);
    expect(errorOf(await client.ask('eth_subscribe', 'logs', { topics: ['0x1'] })).code).toBe(-32602);
    expect(await harness().fail('eth_subscribe', 'newHeads')).toMatchObject({
      code: -32601,
      message: 'notifications not supported: subscribe over WebSocket, on this same port',
    });
  });

  test('there is a cap for each connection, and a closed one leaves nothing behind', async () => {
    const client = await connectClient();
    for (let i = 0; i < MAX_SUBSCRIPTIONS_PER_CONNECTION; i++) {
      expect(resultOf(await client.ask('eth_subscribe', 'newHeads'))).toMatch(/^0x/);
    }
    expect(errorOf(await client.ask('eth_subscribe', 'newHeads'))).toMatchObject({
      code: -32000,
      message: expect.stringContaining('too many subscriptions'),
    });
    client.socket.terminate();
    await client.closed;
    harness().node.mine();
    expect(resultOf(await (await connectClient()).ask('eth_subscribe', 'newHeads'))).toMatch(/^0x/);
  });

  test('a request that outlives its connection leaves no subscription behind', async () => {
    const client = await connectClient();
    harness().node.submitDelayMs = 200;
    client.send([
      { jsonrpc: '2.0', id: 1, method: 'eth_sendTransaction', params: [{ from: ALICE, to: BOB, gas: '0x5208' }] },
      { jsonrpc: '2.0', id: 2, method: 'eth_subscribe', params: ['newHeads'] },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.socket.terminate();
    await client.closed;
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(harness().node.chain.head.block.header.number).toBe(1n);
    expect(harness().counts.at(-1)).toEqual([0, 0]);
    await connectClient();
    expect(harness().counts.at(-1)).toEqual([1, 0]);
  });

  test('a client that does not read is cut off with a reason; others go on', async () => {
    const slow = await connectClient();
    const good = await connectClient();
    harness().node.automine = false;
    const data = `0x${'ab'.repeat(100_000)}`;
    // Each transaction is pushed to it many times.
    for (let i = 0; i < 40; i++) await slow.ask('eth_subscribe', 'newPendingTransactions', true);
    slow.socket.pause();
    await harness().call('eth_sendTransaction', { from: ALICE, to: BOB, gas: '0x989680', data });
    const [transaction] = harness().node.pool;
    if (transaction === undefined) throw new Error('not pooled');
    for (let i = 0; i < 10; i++) harness().node.announce(transaction);
    while (harness().cuts.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(harness().cuts).toEqual(['slow reader']);
    slow.socket.resume();
    expect(await slow.closed).toEqual({ code: 1008, reason: 'reads too slowly: more than 32 MiB are waiting' });
    expect(await good.ask('eth_chainId')).toMatchObject({ result: '0x7a69' });
  });
});
