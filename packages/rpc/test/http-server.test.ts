import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Access } from '../src/server/access.ts';
import { Connections, SERVER_ROOM } from '../src/server/connection.ts';
import { createHttpServer } from '../src/server/http-server.ts';
import { servePlainFirst } from '../src/server/plain-side.ts';

const TIMEOUT_MS = 4_000;
const OBSERVER = { requestDone: () => {}, internalError: () => {}, connections: () => {}, connectionCut: () => {} };

let server: Server;
let upgrades: number;

beforeEach(async () => {
  upgrades = 0;
  // Whoever gets as far as the handler waits for ever: only the sending of a request is limited here.
  const handle = (): Promise<void> => new Promise(() => {});
  const webSockets = { upgrade: () => void upgrades++ };
  server = createHttpServer(handle, webSockets, OBSERVER, TIMEOUT_MS);
  servePlainFirst(server, {
    dispatcher: { answer: () => new Promise(() => {}) },
    access: new Access({ corsOrigins: [], allowedHosts: ['x'], allowControl: false }, '127.0.0.1'),
    connections: new Connections(SERVER_ROOM),
    observer: OBSERVER,
    requestTimeoutMs: TIMEOUT_MS,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function port(): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  return address.port;
}

/** Sends the text and then a byte now and then; milliseconds until the server closes the connection. */
async function livesFor(text: string): Promise<number> {
  const socket = connect(port(), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const startMs = performance.now();
  if (text !== '') socket.write(text);
  const drip = setInterval(() => {
    if (text.endsWith('{')) socket.write(' ');
  }, 20);
  socket.resume();
  // Not `once`, which takes a reset for a failure.
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(drip);
  return performance.now() - startMs;
}

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\n';

const BEGUN: readonly (readonly [what: string, text: string])[] = [
  ['that says nothing', ''],
  ['in the middle of its headers', 'POST / HTTP/1.1\r\nHos'],
  ['in the middle of its body, a byte at a time', `${HEAD}Content-Length: 1000\r\n\r\n{`],
  ['in the middle of an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-Web'],
];

test('a connection that does not finish its request lives no longer than the limit, whenever it came', async () => {
  // Between two looks of the server: what comes right after one must not live until the one after the next.
  const lives = await Promise.all(
    BEGUN.flatMap(([what, text]) =>
      Array.from({ length: 5 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, (index * TIMEOUT_MS) / 10));
        return { what, ms: await livesFor(text) };
      }),
    ),
  );
  // The old fault, one look per limit, let the first ones live for almost twice the limit. A busy machine is late by seconds.
  expect(lives.filter(({ ms }) => ms < TIMEOUT_MS / 2 || ms > 1.75 * TIMEOUT_MS)).toEqual([]);
  expect(upgrades).toBe(0);
});
