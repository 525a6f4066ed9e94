import { type AccessRules, createRpcServer, type RpcBackend, type RpcObserver, type RpcServer } from '@heddle/rpc';
import { systemClock } from '@heddle/runtime';
import type { Logger } from '../logger.ts';
import { rpcObserver, tellingBoth } from './rpc-observer.ts';

/** Where a process answers RPC, and whom. */
export interface RpcPlace {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly access: AccessRules;
  readonly log: Logger;
}

/** The RPC server of this process, not started yet. It tells the log, and `observer`. */
export function serveRpc(backend: RpcBackend, { host, port, access, log }: RpcPlace, observer: RpcObserver): RpcServer {
  return createRpcServer({
    backend,
    host,
    port,
    ...access,
    observer: tellingBoth(rpcObserver(log.child('rpc')), observer),
    nowMs: () => systemClock.monotonicMs(),
  });
}
