import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { assert } from '@heddle/primitives';
import type { Connections } from './connection.ts';
import { PlainConnection, type PlainParts } from './plain-connection.ts';

/** The connections of an HTTP server that have only had plain requests so far. */
export interface PlainSide {
  /** The server stops: idle ones end now, the others with their answer. */
  goAway(): void;
}

/** Every connection of `server` begins as a plain one; the server gets it when it sends something else. */
export function servePlainFirst(
  server: Server,
  { connections, ...parts }: Omit<PlainParts, 'answers' | 'handOver'> & { readonly connections: Connections },
): PlainSide {
  const [serveHttp] = server.listeners('connection');
  assert(serveHttp !== undefined, "an HTTP server listens to its own 'connection'");
  server.removeAllListeners('connection');
  const plain = new Set<PlainConnection>();
  server.on('connection', (socket: Socket) => {
    const forget = (): boolean => plain.delete(connection);
    const connection = new PlainConnection(socket, {
      ...parts,
      answers: connections.of(socket).answers,
      handOver: (unread) => {
        forget();
        socket.off('close', forget);
        socket.unshift(unread);
        Reflect.apply(serveHttp, server, [socket]);
      },
    });
    plain.add(connection);
    socket.once('close', forget);
  });
  return {
    goAway: () => {
      for (const connection of plain) connection.goAway();
    },
  };
}
