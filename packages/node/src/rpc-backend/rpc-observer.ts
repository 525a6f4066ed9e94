import type { RpcObserver } from '@heddle/rpc';
import { asError, type Logger } from '../logger.ts';

/** What happens at the RPC server, for the log. */
export function rpcObserver(log: Logger): RpcObserver {
  return {
    requestDone: log.isEnabled('debug')
      ? (method, code, durationMs) => log.debug('request', { method, code, ms: Math.round(durationMs) })
      : null,
    internalError: (method, error) => log.error('internal error', { method, error: asError(error) }),
    connections: (webSockets, subscriptions) => log.debug('connections', { webSockets, subscriptions }),
    connectionCut: (reason) => log.warn('connection cut', { reason }),
  };
}

/** One that tells two. */
export function tellingBoth(first: RpcObserver, second: RpcObserver): RpcObserver {
  return {
    requestDone: bothDone(first.requestDone, second.requestDone),
    internalError: (method, error) => {
      first.internalError(method, error);
      second.internalError(method, error);
    },
    connections: (webSockets, subscriptions) => {
      first.connections(webSockets, subscriptions);
      second.connections(webSockets, subscriptions);
    },
    connectionCut: (reason) => {
      first.connectionCut(reason);
      second.connectionCut(reason);
    },
  };
}

/** Nobody is told where nobody wants to know. */
function bothDone(first: RpcObserver['requestDone'], second: RpcObserver['requestDone']): RpcObserver['requestDone'] {
  if (first === null) return second;
  if (second === null) return first;
  return (method, code, durationMs) => {
    first(method, code, durationMs);
    second(method, code, durationMs);
  };
}
