import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createRpcServer, SILENT_OBSERVER } from '../src/index.ts';
import { MAX_REQUEST_BYTES } from '../src/limits.ts';
import { FakeNode } from './support/fake-node.ts';
import { errorOf, Harness, useServer } from './support/harness.ts';
import { WebSocketClient } from './support/web-socket-client.ts';

const ASK = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';

/** fetch can't set Host; this can. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(ASK);
  });
}

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

  test('any content type and any path take JSON-RPC; compressed bodies are 415', async () => {
    const plain = await fetch(`${harness().url}/v1/key`, {
      method: 'POST',
      body: ASK,
      headers: { 'content-type': 'text/plain' },
    });
    expect(await plain.json()).toMatchObject({ result: '0x7a69' });
    const gzip = await fetch(harness().url, { method: 'POST', body: ASK, headers: { 'content-encoding': 'gzip' } });
    expect(gzip.status).toBe(415);
  });

  test('a body of 5 MiB is taken, a longer one is 413 with a JSON error, told or streamed', async () => {
    const padded = ASK + ' '.repeat(MAX_REQUEST_BYTES - ASK.length);
    expect((await fetch(harness().url, { method: 'POST', body: padded })).status).toBe(200);
    const told = await fetch(harness().url, { method: 'POST', body: `${padded} ` });
    expect(told.status).toBe(413);
    expect(errorOf(await told.json()).message).toContain('5242880');
    const stream = new Blob([padded, ' '.repeat(1_000_000)]).stream();
    const options: RequestInit & { duplex: 'half' } = { method: 'POST', body: stream, duplex: 'half' };
    expect((await fetch(harness().url, options)).status).toBe(413);
    expect(await harness().call('eth_chainId')).toBe('0x7a69');
  });

  test('CORS: preflight with private network, and the answer is readable', async () => {
    const preflight = await fetch(harness().url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-api-key',
        'access-control-request-private-network': 'true',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type, x-api-key');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
    expect(preflight.headers.get('access-control-allow-private-network')).toBe('true');
    const post = await fetch(harness().url, { method: 'POST', body: ASK, headers: { origin: 'https://app.example' } });
    expect(post.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('a foreign Host is refused (DNS rebinding), localhost and addresses are not', async () => {
    expect(await statusWithHost(harness().url, 'evil.example:8545')).toBe(403);
    expect(await statusWithHost(harness().url, 'localhost:8545')).toBe(200);
    expect(await statusWithHost(harness().url, '[::1]:8545')).toBe(200);
    expect(await statusWithHost(harness().url, '192.168.1.5')).toBe(200);
  });
});

describe('CORS by list', () => {
  const harness = useServer({ corsOrigins: ['https://app.example'], allowedHosts: ['node.example'] });

  test('a listed origin is repeated, another one is refused over HTTP and WebSocket', async () => {
    const good = await fetch(harness().url, { method: 'POST', body: ASK, headers: { origin: 'https://app.example' } });
    expect(good.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(good.headers.get('vary')).toBe('Origin');
    const bad = await fetch(harness().url, { method: 'POST', body: ASK, headers: { origin: 'https://evil.example' } });
    expect(bad.status).toBe(403);
    expect(bad.headers.get('access-control-allow-origin')).toBeNull();
    await expect(WebSocketClient.connect(harness().wsUrl, { origin: 'https://evil.example' })).rejects.toThrow('403');
    const client = await WebSocketClient.connect(harness().wsUrl, { origin: 'https://app.example' });
    expect(await client.ask('eth_chainId')).toMatchObject({ result: '0x7a69' });
  });

  test('a listed host is taken', async () => {
    expect(await statusWithHost(harness().url, 'Node.example:1234')).toBe(200);
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

  test('stop closes sockets within a second, tells WebSockets why, and lets go of the chain', async () => {
    const harness = new Harness({});
    await harness.start();
    await harness.call('eth_chainId');
    const client = await WebSocketClient.connect(harness.wsUrl);
    expect(harness.node.listenerCount).toBe(2);
    const started = performance.now();
    await Promise.all([harness.server.stop(), harness.server.stop()]);
    expect(performance.now() - started).toBeLessThan(1_000);
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
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{',
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
    expect(performance.now() - started).toBeLessThan(1_000);
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
    const hanging = fetch(url, { method: 'POST', body }).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await server.stop();
    expect(performance.now() - started).toBeLessThan(1_000);
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
      observer: { ...SILENT_OBSERVER, internalError: (_, error) => bugs.push(error) },
      nowMs: () => 0,
    });
    const { url } = await server.start();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber' });
    const answer = await (await fetch(url, { method: 'POST', body })).text();
    await server.stop();
    expect(errorOf(JSON.parse(answer)).code).toBe(-32603);
    expect(answer).not.toContain('secret');
    expect(bugs).toHaveLength(1);
  });
});
