import type { RpcObserver } from '@heddle/rpc';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds: reads take under a millisecond, heavy calls up to their limit. */
const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];

/** What the RPC server tells. Methods that do not exist are one, so that nobody can make names. */
export function rpcMetrics(registry: Registry): RpcObserver {
  const registers = [registry];
  const requests = new Counter({
    name: 'heddle_rpc_requests_total',
    help: 'Requests answered; code is that of JSON-RPC, 0 for a result',
    labelNames: ['method', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'heddle_rpc_request_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['method'],
    buckets: BUCKETS,
    registers,
  });
  const bugs = new Counter({
    name: 'heddle_rpc_internal_errors_total',
    help: 'Requests answered with -32603: each is a bug, and in the log',
    registers,
  });
  const webSockets = new Gauge({ name: 'heddle_rpc_websockets', help: 'Open WebSocket connections', registers });
  const subscriptions = new Gauge({
    name: 'heddle_rpc_subscriptions',
    help: 'Subscriptions of WebSocket connections',
    registers,
  });
  const cut = new Counter({
    name: 'heddle_rpc_connections_cut_total',
    help: 'WebSocket connections that this node ended, because their client was too slow or asked for too much',
    registers,
  });
  return {
    requestDone: (method, code, durationMs) => {
      requests.inc({ method, code: code ?? 0 });
      seconds.observe({ method }, durationMs / 1_000);
    },
    internalError: () => bugs.inc(),
    connections: (sockets, subscribed) => {
      webSockets.set(sockets);
      subscriptions.set(subscribed);
    },
    connectionCut: () => cut.inc(),
  };
}
