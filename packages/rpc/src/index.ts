export {
  ExecutionAbortedError,
  ListenError,
  PortInUseError,
  RpcError,
  ServerStateError,
  StateNotKeptError,
} from './errors.ts';
export { RawJson } from './json.ts';
export { CALL_GAS_CAP } from './limits.ts';
export { type RpcObserver, SILENT_OBSERVER } from './observer.ts';
export type {
  AccountKeys,
  AccountProof,
  AccountView,
  Admission,
  BlockCertificate,
  BlockTransaction,
  CallExecutor,
  CallOutcome,
  CallPlace,
  CallRequest,
  ChainEvents,
  ChainReader,
  ChainStatus,
  ContractCreation,
  DevnetControl,
  FinalBlock,
  HashedHeader,
  LocatedTransaction,
  MessagePlace,
  PoolAccess,
  RewindControl,
  RpcBackend,
  ShardChunk,
  ShardHead,
  ShardReader,
  SimulateRequest,
  StateHistory,
  StateOverride,
  StateOverrides,
  SubmitResult,
  TraceExecutor,
  TransactionTrace,
  TransactionWay,
} from './ports.ts';
export type { AccessRules } from './server/access.ts';
export {
  createRpcServer,
  type RpcEndpoint,
  type RpcServer,
  type RpcServerOptions,
} from './server/create-rpc-server.ts';
