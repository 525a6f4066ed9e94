export { ContradictorySignerRecordsError, InvalidInterchangeError } from '@heddle/consensus';
export { isDiskFull, StorageError } from '@heddle/storage';
export type { Chain } from './chain/chain.ts';
export { controlBlockOf } from './chain/control-execution.ts';
export { RUN_AT_ONCE } from './chain/control-runner.ts';
export { type ExecutedBlock, executionsOf } from './chain/executed-block.ts';
export type { ControlSubmission } from './consensus/control-queue.ts';
export { rememberedScheme } from './consensus/remembered-scheme.ts';
export type {
  ConsoleCall,
  DevnetActivity,
  TransactionFailure,
  TransactionInsight,
  TransactionReport,
} from './devnet/activity.ts';
export type { ByzantineActors, CorruptedValidator } from './devnet/corruption.ts';
export type {
  DevnetAccount,
  DevnetBeginning,
  DevnetOptions,
  RunningDevnet,
  StartDevnet,
} from './devnet/devnet-options.ts';
export { startDevnet } from './devnet/start-devnet.ts';
export { type RegistryCall, registerCall, removeCall } from './epochs/registry-calls.ts';
export { readRegistry } from './epochs/registry-storage.ts';
export {
  FinalityConflictError,
  InvalidBlockError,
  InvalidControlError,
  isStorageFailure,
  NoRunningValidatorError,
  UnavailableError,
  UnknownValidatorError,
} from './errors.ts';
export {
  createDevnetGenesis,
  type DevnetGenesis,
  type DevnetGenesisOptions,
  devnetFeeRecipients,
  devnetValidatorKeys,
} from './genesis/devnet-genesis.ts';
export { type BuiltGenesis, buildGenesis } from './genesis/genesis-block.ts';
export { createNetworkGenesis, type NetworkGenesisOptions } from './genesis/network-genesis.ts';
export {
  createLogger,
  type LogFact,
  type LogFacts,
  type Logger,
  type LogLevel,
  type LogLevels,
  parseLogLevels,
  SILENT_LOGGER,
  unknownLogModule,
} from './logger.ts';
export { type OpenValidator, openValidator, type ValidatorOptions } from './open-validator.ts';
export {
  CHUNK_STREAM,
  CONSENSUS_STREAM,
  EVIDENCE_STREAM,
  FETCH_PROTOCOL,
  TRANSACTION_TOPIC,
} from './peers/protocols.ts';
export { Routes, type RouteView } from './pool/routes.ts';
export { SectionCandidates } from './pool/section-candidates.ts';
export { devnetSignerPlace, exportSigner, importSigner, type SignerPlace } from './signer-transfer.ts';
export { clockProblem } from './standalone/clock-watch.ts';
export { createLoneTransport } from './standalone/lone-transport.ts';
export { lackOfQuorum, type NodeRole, type NodeStatus, type ShardStatus } from './standalone/node-status.ts';
export { PeerClocks } from './standalone/peer-clocks.ts';
export type { FinalBlockFacts, StandaloneObserver } from './standalone/standalone-observer.ts';
export type { RunningStandalone, Signing, StandaloneOptions, ValidatorKey } from './standalone/standalone-options.ts';
export { startStandalone } from './standalone/start-standalone.ts';
export { type BlockedPeer, type NodeFootprint, ValidatorNode, type ValidatorNodeOptions } from './validator-node.ts';
