import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { useServer } from './support/harness.ts';

const harness = useServer();

function body(id: number, method = 'eth_chainId'): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method });
}

function post(text: string, more: readonly string[] = []): string {
  const { host } = new URL(harness().url);
  const lines = [
    'POST / HTTP/1.1',
    `Host: ${host}`,
    'Content-Type: application/json',
    `Content-Length: ${text.length}`,
  ];
  return `${[...lines, ...more].join('\r\n')}\r\n\r\n${text}`;
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(harness().url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until `count` answers are there, or the connection ends. */
async function answers(socket: Socket, count: number): Promise<readonly unknown[]> {
  let text = '';
  let found: readonly string[] = [];
  for await (const data of socket.iterator({ destroyOnReturn: false })) {
    text += String(data);
    found = text.match(/\{.*?\}(?=HTTP|$)/g) ?? [];
    if (found.length >= count) break;
  }
  return found.map((answer) => JSON.parse(answer).id);
}

describe('a connection with plain requests', () => {
  test('answers what came together in its order, and one request after the other', async () => {
    const socket = await open();
    socket.write(post(body(1)) + post(body(2, 'eth_blockNumber')) + post(body(3)));
    expect(await answers(socket, 3)).toEqual([1, 2, 3]);
    socket.write(post(body(4)));
    expect(await answers(socket, 1)).toEqual([4]);
    socket.destroy();
  });

  test('goes on as any HTTP after a request that is not plain, with what came behind it', async () => {
    const socket = await open();
    socket.write(post(body(1)) + post(body(2), ['X-Whatever: 1']) + post(body(3)));
    expect(await answers(socket, 3)).toEqual([1, 2, 3]);
    socket.write(post(body(4)));
    expect(await answers(socket, 1)).toEqual([4]);
    socket.destroy();
  });

  test('takes a request in pieces, wherever they are cut', async () => {
    const text = post(body(7));
    for (const at of [1, 20, text.indexOf('\r\n\r\n') + 2, text.length - 3]) {
      const socket = await open();
      socket.write(text.slice(0, at));
      await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(text.slice(at));
      expect(await answers(socket, 1)).toEqual([7]);
      socket.destroy();
    }
  });

  test('answers a client that has closed its own side, and closes then', async () => {
    const socket = await open();
    socket.end(post(body(1)) + post(body(2)));
    expect(await answers(socket, 3)).toEqual([1, 2]);
  });

  test('closes when a client leaves in the middle of a request', async () => {
    const socket = await open();
    socket.end(post(body(1)) + post(body(2)).slice(0, -1));
    expect(await answers(socket, 3)).toEqual([1]);
  });

  test('has no body for notifications, and a date as HTTP wants it', async () => {
    const socket = await open();
    socket.write(post(JSON.stringify({ jsonrpc: '2.0', method: 'eth_chainId' })));
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(/^HTTP\/1.1 204 No Content\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT\r\n\r\n$/);
    socket.destroy();
  });

  test('refuses another host as any connection does', async () => {
    const socket = await open();
    socket.write(post(body(1)).replace(/Host: \S+/, 'Host: evil.example'));
    const [head] = await once(socket, 'data');
    expect(String(head)).toMatch(/^HTTP\/1.1 403 /);
    socket.destroy();
  });

  test('sends characters of several bytes whole', async () => {
    const socket = await open();
    const text = JSON.stringify({ jsonrpc: '2.0', id: 'ключ €', method: 'eth_chainId' });
    socket.write(post('x'.repeat(Buffer.byteLength(text))).replace(/x+$/, text));
    const [answer] = await once(socket, 'data');
    const [head = '', json = ''] = String(answer).split('\r\n\r\n');
    expect(JSON.parse(json)).toMatchObject({ id: 'ключ €' });
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(json)}`);
    socket.destroy();
  });

  test('writes a long answer in parts, whole and before what was asked behind it', async () => {
    const address = '0x00000000000000000000000000000000000000aa';
    harness().node.chain.setAccount(address, { code: new Uint8Array(1_500_000).fill(0xab) });
    const socket = await open();
    const params = [address, 'latest'];
    socket.write(post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getCode', params })) + post(body(2)));
    let text = '';
    for await (const data of socket.iterator({ destroyOnReturn: false })) {
      text += String(data);
      if (text.endsWith('"id":2,"result":"0x7a69"}')) break;
    }
    const result = `{"jsonrpc":"2.0","id":1,"result":"0x${'ab'.repeat(1_500_000)}"}`;
    expect(text.includes(`Content-Length: ${result.length}\r\n`)).toBe(true);
    expect(text.includes(`\r\n\r\n${result}HTTP/1.1 200 OK`)).toBe(true);
    socket.destroy();
  });

  test('ends at once with the server while it is idle', async () => {
    const socket = await open();
    socket.write(post(body(1)));
    expect(await answers(socket, 1)).toEqual([1]);
    const ended = once(socket, 'close');
    socket
      .on('end', () => socket.end())
      .on('error', () => {})
      .resume();
    await harness().server.stop();
    await ended;
  });
});
