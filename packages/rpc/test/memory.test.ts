import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JsonText, SILENT_OBSERVER } from '../src/index.ts';
import { MAX_PIPELINED_REQUESTS, MAX_REQUEST_BYTES } from '../src/limits.ts';
import { createDispatcher } from '../src/protocol/dispatcher.ts';
import { type MethodTable, method } from '../src/protocol/method.ts';
import { Access } from '../src/server/access.ts';
import { Connections } from '../src/server/connection.ts';
import { createHttpHandler } from '../src/server/http-handler.ts';
import { createHttpServer } from '../src/server/http-server.ts';
import { listen } from '../src/server/listen.ts';

/** More than the buffers of a connection take, so that a part of it waits. */
const LARGE = 9_000_000;
const ROOM = {
  bodies: { total: 12_000_000, freePerHolder: 50_000 },
  answers: { total: 30_000_000, freePerHolder: 50_000 },
};
const sockets: Socket[] = [];
let connections: Connections;
let close: () => void;
let port = 0;
/** Requests whose method saw that their client is gone. */
let abandoned = 0;

beforeEach(async () => {
  abandoned = 0;
  const table: MethodTable = {
    small: method(0, () => 'small'),
    large: method(0, () => JsonText.of(`"${'x'.repeat(LARGE)}"`)),
    hang: method(0, (_, { signal }) => {
      signal.addEventListener('abort', () => {
        abandoned += 1;
      });
      return new Promise(() => {});
    }),
  };
  connections = new Connections(ROOM);
  const access = new Access({ corsOrigins: [], allowedHosts: [], allowControl: false }, '127.0.0.1');
  const handle = createHttpHandler(createDispatcher(table, SILENT_OBSERVER), access, connections);
  const server = createHttpServer(handle, { upgrade: () => {} }, SILENT_OBSERVER, 30_000);
  ({ port } = await listen(server, '127.0.0.1', 0));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  close();
});

function request(name: string): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: name });
  const type = 'Content-Type: application/json';
  return `POST / HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** A client that sends, and reads nothing. */
async function open(text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.pause();
  socket.write(text);
  return socket;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

async function ask(name: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: name });
  return (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body })).text();
}

describe('answers', () => {
  test('that nobody reads fill the budget; then large ones are refused, small ones are not, and all comes back', async () => {
    const fitting = Math.floor(ROOM.answers.total / LARGE);
    for (let i = 0; i < fitting; i++) {
      await open(request('large'));
      await until(() => connections.held.answers > (i + 0.9) * LARGE);
    }
    expect(await ask('large')).toContain('too many large answers at once');
    expect(await ask('small')).toContain('"result":"small"');
    for (const socket of sockets.splice(0)) socket.destroy();
    await until(() => connections.held.answers === 0);
    expect((await ask('large')).length).toBeGreaterThan(LARGE);
  });

  test('of clients that are gone are not worked out', async () => {
    const socket = await open(request('hang'));
    await sleep(50);
    socket.destroy();
    await until(() => abandoned === 1);
  });
});

describe('requests', () => {
  test('that never end fill their budget; then large ones are refused, small ones are not', async () => {
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${MAX_REQUEST_BYTES}\r\n\r\n`;
    const part = ' '.repeat(MAX_REQUEST_BYTES - 1_000);
    const fitting = Math.floor(ROOM.bodies.total / part.length);
    for (let i = 0; i < fitting; i++) await open(head + part);
    await until(() => connections.held.bodies > fitting * (part.length - 100_000));
    const refused = await open(head + part);
    const [answer] = await once(refused.resume(), 'data');
    expect(String(answer)).toContain('HTTP/1.1 503');
    expect(String(answer)).toContain('too many large requests at once');
    expect(await ask('small')).toContain('"result":"small"');
    for (const socket of sockets.splice(0)) socket.destroy();
    await until(() => connections.held.bodies === 0);
  });

  test('that one connection pipelines are worked on up to a number', async () => {
    const socket = await open(request('hang').repeat(MAX_PIPELINED_REQUESTS) + request('small'));
    await sleep(100);
    socket.destroy();
    await until(() => abandoned === MAX_PIPELINED_REQUESTS);
  });
});
