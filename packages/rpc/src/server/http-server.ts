import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { KEEP_ALIVE_MS, MAX_CONNECTIONS, REQUEST_CHECKS } from '../limits.ts';
import type { RpcObserver } from '../observer.ts';
import type { HttpHandler } from './http-handler.ts';
import type { WebSocketSide } from './web-socket-server.ts';

/**
 * The HTTP server, not listening yet. A client has `requestTimeoutMs` from connecting, or from its last answer's first
 * byte of a next request, to the end of the request, an upgrade included; then the socket is closed.
 */
export function createHttpServer(
  handle: HttpHandler,
  webSockets: Pick<WebSocketSide, 'upgrade'>,
  observer: RpcObserver,
  requestTimeoutMs: number,
): Server {
  // Node looks for requests that take too long only now and then, every 30 s unless told: what came right after a look
  // lived twice as long. Expiry and the look together take no longer than the limit.
  const checkMs = Math.ceil(requestTimeoutMs / REQUEST_CHECKS);
  const limitMs = requestTimeoutMs - checkMs;
  const server = createServer(
    {
      headersTimeout: limitMs,
      requestTimeout: limitMs,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      handle(request, response).catch((error: unknown) => {
        observer.internalError('http', error);
        response.destroy();
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the upgrade is done nobody else listens for it.
    socket.on('error', () => socket.destroy());
    webSockets.upgrade(request, socket, head);
  });
  return server;
}
