export { ExecutionAbortedError, ListenError, PortInUseError, RpcError, ServerStateError } from './errors.ts';
export { RawJson } from './json.ts';
export { CALL_GAS_CAP } from './limits.ts';
export { type RpcObserver, SILENT_OBSERVER } from './observer.ts';
export type {
  AccountKeys,
  AccountView,
  BlockTransaction,
  CallExecutor,
  CallOutcome,
  CallPlace,
  CallRequest,
  ChainEvents,
  ChainReader,
  DevnetControl,
  FinalBlock,
  LocatedTransaction,
  PoolAccess,
  RpcBackend,
  ShardChunk,
  ShardReader,
  StateOverride,
  StateOverrides,
  SubmitResult,
  TraceExecutor,
  TransactionTrace,
  TransactionWay,
} from './ports.ts';
export {
  createRpcServer,
  type RpcEndpoint,
  type RpcServer,
  type RpcServerOptions,
} from './server/create-rpc-server.ts';
