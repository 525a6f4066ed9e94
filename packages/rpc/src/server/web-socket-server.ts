import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES, PING_INTERVAL_MS } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { Dispatcher } from '../protocol/dispatcher.ts';
import type { SubscriptionHub } from '../subscriptions/subscription-hub.ts';
import type { AccessRules } from './access.ts';
import { isLoopback, refusal } from './access.ts';
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
  rules: AccessRules,
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
      if (refusal(request, rules) !== null) {
        const answer = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
        // The HTTP server has let go of the socket: nobody else closes it.
        socket.end(answer, () => socket.destroy());
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const connection = new WebSocketConnection(webSocket, isLoopback(request), dispatcher, observer);
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
