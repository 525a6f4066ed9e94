import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ServerStateError } from '../errors.ts';
import { FilterStore } from '../filters/filter-store.ts';
import { MAX_LOG_TEXT_BYTES, MAX_PENDING_HASHES, REQUEST_TIMEOUT_MS, STOP_GRACE_MS } from '../limits.ts';
import { LogTexts } from '../logs/log-texts.ts';
import { createMethodTable } from '../methods/table.ts';
import type { RpcObserver } from '../observer.ts';
import type { ChainEvents, RpcBackend } from '../ports.ts';
import { admitted } from '../protocol/admitted.ts';
import { createDispatcher } from '../protocol/dispatcher.ts';
import { SubscriptionHub } from '../subscriptions/subscription-hub.ts';
import { Access, type AccessRules } from './access.ts';
import { Connections, SERVER_ROOM } from './connection.ts';
import { createHttpHandler } from './http-handler.ts';
import { createHttpServer } from './http-server.ts';
import { connectableHost, listen } from './listen.ts';
import { type PlainSide, servePlainFirst } from './plain-side.ts';
import type { WebSocketSide } from './web-socket-server.ts';
import { createWebSocketSide } from './web-socket-server.ts';

export interface RpcServerOptions extends AccessRules {
  readonly backend: RpcBackend;
  /** Address to listen on; '127.0.0.1' unless others are to reach it. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly observer: RpcObserver;
  /** Monotonic milliseconds: the age of filters. */
  readonly nowMs: () => number;
}

export interface RpcEndpoint {
  /** http://host:port, without a path. */
  readonly url: string;
  /** ws://host:port. */
  readonly wsUrl: string;
  readonly port: number;
}

export interface RpcServer {
  /** Once. Throws PortInUseError or ListenError, and ServerStateError the second time. */
  start(): Promise<RpcEndpoint>;
  /** Lets requests under way finish for half a second, then closes every connection. Idempotent. */
  stop(): Promise<void>;
}

export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { backend, observer, host } = options;
  const filters = new FilterStore(options.nowMs);
  const logTexts = new LogTexts(MAX_LOG_TEXT_BYTES);
  const hub = new SubscriptionHub(logTexts);
  const dispatcher = createDispatcher(
    admitted(createMethodTable(backend, filters, hub, logTexts), backend.admission),
    observer,
  );
  const access = new Access(options, host);
  const connections = new Connections(SERVER_ROOM);
  const webSockets = createWebSocketSide(dispatcher, hub, access, connections, observer);
  const handle = createHttpHandler(dispatcher, access, connections);
  const server = createHttpServer(handle, webSockets, observer, REQUEST_TIMEOUT_MS);
  const requestTimeoutMs = REQUEST_TIMEOUT_MS;
  const plain = servePlainFirst(server, { dispatcher, access, connections, observer, requestTimeoutMs });
  const sockets = trackSockets(server);
  let started = false;
  let stopListening = (): void => {};
  let stopped: Promise<void> | null = null;
  return {
    async start() {
      if (started) throw new ServerStateError();
      started = true;
      const { port, address: taken } = await listen(server, host, options.port);
      access.listensOn(taken);
      stopListening = listenToChain(backend.events, hub, filters);
      const address = `${connectableHost(host)}:${port}`;
      return { url: `http://${address}`, wsUrl: `ws://${address}`, port };
    },
    stop() {
      started = true;
      stopListening();
      stopped ??= close(server, sockets, webSockets, plain);
      return stopped;
    },
  };
}

/** Every open socket, those that became WebSockets included: the HTTP server forgets about these. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Filters are fed before subscribers: what a pushed client asks next is there. */
function listenToChain(events: ChainEvents, hub: SubscriptionHub, filters: FilterStore): () => void {
  const offBlock = events.onBlock((block) => hub.pushBlock(block));
  const offPending = events.onPendingTransaction((transaction) => {
    for (const state of filters.states()) {
      if (state.kind !== 'pending') continue;
      state.hashes.push(transaction.hash);
      if (state.hashes.length > MAX_PENDING_HASHES) state.hashes.shift();
    }
    hub.pushPendingTransaction(transaction);
  });
  // What a filter has read of blocks that are gone does not count.
  const offRewind = events.onRewind((head) => {
    for (const state of filters.states()) {
      if (state.kind === 'pending') state.hashes.length = 0;
      else if (state.next > head + 1n) state.next = head + 1n;
    }
  });
  return () => {
    offBlock();
    offPending();
    offRewind();
  };
}

async function close(
  server: Server,
  sockets: ReadonlySet<Socket>,
  webSockets: WebSocketSide,
  plain: PlainSide,
): Promise<void> {
  if (!server.listening) {
    webSockets.terminate();
    return;
  }
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  plain.goAway();
  webSockets.goAway();
  const timer = setTimeout(() => {
    webSockets.terminate();
    for (const socket of sockets) socket.destroy();
  }, STOP_GRACE_MS);
  await closed;
  clearTimeout(timer);
  webSockets.terminate();
}
