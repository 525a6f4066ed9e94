import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SILENT_OBSERVER } from '../src/observer.ts';
import { createDispatcher } from '../src/protocol/dispatcher.ts';
import { Access } from '../src/server/access.ts';
import { Connections } from '../src/server/connection.ts';
import { servePlainFirst } from '../src/server/plain-side.ts';

/** More than the buffers of both sides' sockets take together. */
const ANSWER_LENGTH = 16_000_000;
const ROOM = {
  bodies: { total: 1_000_000, freePerHolder: 0 },
  answers: { total: 3 * ANSWER_LENGTH, freePerHolder: 0 },
};

let server: Server;
let connections: Connections;
let port: number;

beforeEach(async () => {
  connections = new Connections(ROOM);
  server = createServer();
  const long = 'a'.repeat(ANSWER_LENGTH);
  const method = { access: 'public', maxParams: 0, run: () => long } as const;
  servePlainFirst(server, {
    dispatcher: createDispatcher({ long: method }, SILENT_OBSERVER),
    access: new Access({ corsOrigins: [], allowedHosts: ['x'], allowControl: false }, '127.0.0.1'),
    connections,
    observer: SILENT_OBSERVER,
    requestTimeoutMs: 60_000,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  port = address.port;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a client that leaves in the middle of a long answer leaves its room to others', async () => {
  const question = '{"jsonrpc":"2.0","id":1,"method":"long"}';
  // Twice as many as there is room for at once.
  for (let times = 0; times < 6; times++) {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${question.length}\r\n\r\n${question}`,
    );
    await once(socket, 'readable');
    expect(String(socket.read(100))).toMatch(/Content-Length: 160000\d\d\r\n/);
    expect(connections.held.answers).toBeGreaterThan(ANSWER_LENGTH);
    socket.destroy();
    while (connections.held.answers > 0) await nextTurn();
  }
});
