import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { InvalidRequestError } from '../errors.ts';
import { MAX_REQUEST_BYTES, PING_INTERVAL_MS } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import { encodeError } from '../protocol/answer.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { SubscriptionHub } from '../subscriptions/subscription-hub.ts';
import type { Access } from './access.ts';
import type { Connections } from './connection.ts';
import { WebSocketConnection } from './web-socket-connection.ts';

/** The WebSocket side of the port. */
export interface WebSocketSide {
  /** Takes over a connection that asked for an upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every client that the node stops. */
  goAway(): void;
  /** Cuts what is still open and stops the timer. */
  terminate(): void;
}

export function createWebSocketSide(
  dispatcher: Dispatcher,
  hub: SubscriptionHub,
  access: Access,
  sockets: Connections,
  observer: RpcObserver,
): WebSocketSide {
  const connections = new Set<WebSocketConnection>();
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });
  const reportConnections = (): void => observer.connections(connections.size, hub.size);
  const pinger = setInterval(() => {
    for (const connection of connections) connection.checkAlive();
  }, PING_INTERVAL_MS);
  pinger.unref();
  return {
    upgrade(request, socket, head) {
      const refused = access.refusal(request);
      if (refused !== null) {
        const answer = forbidden(refused);
        // The HTTP server has let go of the socket: nobody else closes it.
        socket.end(answer, () => socket.destroy());
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const control = access.controlRefusal(request);
        const held = sockets.of(request.socket);
        const connection = new WebSocketConnection(webSocket, socket, control, held, dispatcher, observer);
        socket.on('data', (part: Buffer) => connection.countIncoming(part.length));
        connections.add(connection);
        reportConnections();
        webSocket.once('close', () => {
          connections.delete(connection);
          hub.removeSink(connection);
          reportConnections();
        });
      });
    },
    goAway() {
      for (const connection of connections) connection.goAway();
    },
    terminate() {
      clearInterval(pinger);
      for (const connection of connections) connection.terminate();
    },
  };
}

function forbidden(reason: string): string {
  const body = encodeError(null, new InvalidRequestError(reason));
  const head = `Connection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  return `HTTP/1.1 403 Forbidden\r\n${head}\r\n\r\n${body}`;
}
