import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createRpcServer, SILENT_OBSERVER } from '../src/index.ts';
import { MAX_REQUEST_BYTES } from '../src/limits.ts';
import { FakeNode } from './support/fake-node.ts';
import { errorOf, Harness, useServer } from './support/harness.ts';
import { WebSocketClient } from './support/web-socket-client.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** A stop gives requests half a second; without it these would wait for ever. A busy machine may be late by much. */
const STOPPED_MS = 10_000;
const ASK = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';

describe('HTTP', () => {
  const harness = useServer();

  test('GET / is a short text, other paths are not there, HEAD works', async () => {
    const root = await fetch(harness().url);
    expect(root.status).toBe(200);
    expect(root.headers.get('content-type')).toContain('text/plain');
    expect(await root.text()).toContain('Heddle JSON-RPC');
    expect((await fetch(`${harness().url}/favicon.ico`)).status).toBe(404);
    expect((await fetch(harness().url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${harness().url}//x?y`)).status).toBe(404);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is 405 with a JSON error', async (method) => {
    const response = await fetch(harness().url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS');
    expect(errorOf(await response.json()).code).toBe(-32600);
  });

  test.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json-rpc'])(
    'any path takes JSON-RPC as %s',
    async (type) => {
      const headers = { 'content-type': type };
      const answer = await fetch(`${harness().url}/v1/key`, { method: 'POST', body: ASK, headers });
      expect(await answer.json()).toMatchObject({ result: '0x7a69' });
    },
  );

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'content type "%s", which a page may send without asking first, is 415 and says what to do',
    async (type) => {
      const answer = await fetch(harness().url, { method: 'POST', body: ASK, headers: { 'content-type': type } });
      expect(answer.status).toBe(415);
      expect(errorOf(await answer.json()).message).toContain('Content-Type: application/json');
    },
  );

  test('compressed bodies are 415', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await fetch(harness().url, { method: 'POST', body: ASK, headers })).status).toBe(415);
  });

  test('a body of 5 MiB is taken, a longer one is 413 with a JSON error, told or streamed', async () => {
    const padded = ASK + ' '.repeat(MAX_REQUEST_BYTES - ASK.length);
    expect((await fetch(harness().url, { method: 'POST', headers: JSON_TYPE, body: padded })).status).toBe(200);
    const told = await fetch(harness().url, { method: 'POST', headers: JSON_TYPE, body: `${padded} ` });
    expect(told.status).toBe(413);
    expect(errorOf(await told.json()).message).toContain('5242880');
    const stream = new Blob([padded, ' '.repeat(1_000_000)]).stream();
    const options: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: JSON_TYPE,
      body: stream,
      duplex: 'half',
    };
    expect((await fetch(harness().url, options)).status).toBe(413);
    expect(await harness().call('eth_chainId')).toBe('0x7a69');
  });
});

describe('life of the server', () => {
  test('a port in use is a typed error, and start works once', async () => {
    const first = new Harness({});
    const { port } = await first.start();
    const second = new Harness({ port });
    await expect(second.server.start()).rejects.toMatchObject({
      code: 'RPC_PORT_IN_USE',
      facts: { port, host: '127.0.0.1' },
    });
    await expect(first.server.start()).rejects.toMatchObject({ code: 'RPC_SERVER_STATE' });
    await first.server.stop();
    await second.server.stop();
  });

  test('an address of another machine is a typed error', async () => {
    const harness = new Harness({ host: '192.0.2.1' });
    await expect(harness.server.start()).rejects.toMatchObject({ code: 'RPC_LISTEN', facts: { host: '192.0.2.1' } });
  });

  test('stop closes sockets without waiting for them, tells WebSockets why, and lets go of the chain', async () => {
    const harness = new Harness({});
    await harness.start();
    await harness.call('eth_chainId');
    const client = await WebSocketClient.connect(harness.wsUrl);
    expect(harness.node.listenerCount).toBe(3);
    const started = performance.now();
    await Promise.all([harness.server.stop(), harness.server.stop()]);
    expect(performance.now() - started).toBeLessThan(STOPPED_MS);
    expect(await client.closed).toEqual({ code: 1001, reason: 'the node is stopping' });
    expect(harness.node.listenerCount).toBe(0);
    await expect(fetch(harness.url)).rejects.toThrow();
  });

  test('stop does not wait for sockets that others hold open', async () => {
    const harness = new Harness({ corsOrigins: [] });
    const { port } = await harness.start();
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
    const texts = [
      '',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      `GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n${upgrade}\r\n`,
      `GET / HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`,
    ];
    const sockets = texts.map((text) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {});
      socket.write(text);
      socket.resume();
      return socket;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await harness.server.stop();
    expect(performance.now() - started).toBeLessThan(STOPPED_MS);
    for (const socket of sockets) socket.destroy();
  });

  test('stop does not wait for a request that hangs', async () => {
    const harness = new Harness({});
    harness.node.submitDelayMs = 60_000;
    const backend = harness.node.backend(true);
    const server = createRpcServer({
      backend: { ...backend, pool: { ...backend.pool, pendingNonce: () => new Promise(() => {}) } },
      host: '127.0.0.1',
      port: 0,
      corsOrigins: [],
      allowedHosts: [],
      allowControl: false,
      observer: SILENT_OBSERVER,
      nowMs: () => 0,
    });
    const { url } = await server.start();
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_getTransactionCount',
      params: [`0x${'00'.repeat(20)}`, 'pending'],
    });
    const hanging = fetch(url, { method: 'POST', headers: JSON_TYPE, body }).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await server.stop();
    expect(performance.now() - started).toBeLessThan(STOPPED_MS);
    expect(await hanging).toBe('cut');
  });

  test('a bug of the node is −32603, told to the owner and not to the client', async () => {
    const node = new FakeNode();
    const backend = node.backend(true);
    const bugs: unknown[] = [];
    const server = createRpcServer({
      backend: {
        ...backend,
        chain: {
          ...backend.chain,
          head: () => {
            throw new Error('secret detail');
          },
        },
      },
      host: '127.0.0.1',
      port: 0,
      corsOrigins: [],
      allowedHosts: [],
      allowControl: false,
      observer: { ...SILENT_OBSERVER, internalError: (_, error) => bugs.push(error) },
      nowMs: () => 0,
    });
    const { url } = await server.start();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber' });
    const answer = await (await fetch(url, { method: 'POST', headers: JSON_TYPE, body })).text();
    await server.stop();
    expect(errorOf(JSON.parse(answer)).code).toBe(-32603);
    expect(answer).not.toContain('secret');
    expect(bugs).toHaveLength(1);
  });
});
