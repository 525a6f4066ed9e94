export { ListenError, PortInUseError, RpcError, ServerStateError, StateNotKeptError } from './errors.ts';
export { CALL_GAS_CAP } from './limits.ts';
export { type RpcObserver, SILENT_OBSERVER } from './observer.ts';
export type {
  AccountKeys,
  AccountView,
  BlockTransaction,
  CallExecutor,
  CallOutcome,
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
  TransactionTrace,
} from './ports.ts';
export {
  createRpcServer,
  type RpcEndpoint,
  type RpcServer,
  type RpcServerOptions,
} from './server/create-rpc-server.ts';
