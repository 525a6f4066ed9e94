export {
  AccountNotImpersonableError,
  ExecutionAbortedError,
  ListenError,
  PortInUseError,
  RpcError,
  ServerStateError,
  StateNotKeptError,
  TooManyImpersonatedError,
} from './errors.ts';
export type { DevnetFaults, NetworkLatency } from './fault-ports.ts';
export { JsonText } from './json-text.ts';
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
  DevnetMining,
  DevnetRewind,
  DevnetTime,
  FinalBlock,
  HashedHeader,
  ImpersonatedAccounts,
  LocatedTransaction,
  MessagePlace,
  MiningMode,
  PoolAccess,
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
export { SerialQueue } from './serial-queue.ts';
export type { AccessRules } from './server/access.ts';
export {
  createRpcServer,
  type RpcEndpoint,
  type RpcServer,
  type RpcServerOptions,
} from './server/create-rpc-server.ts';
export { connectableHost } from './server/listen.ts';
