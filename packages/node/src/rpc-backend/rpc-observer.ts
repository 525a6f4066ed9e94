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
