export { ContradictorySignerRecordsError, InvalidInterchangeError } from '@heddle/consensus';
export { StorageError } from '@heddle/storage';
export type { Chain } from './chain/chain.ts';
export type { ExecutedBlock } from './chain/executed-block.ts';
export { rememberedScheme } from './consensus/remembered-scheme.ts';
export { startDevnet } from './devnet.ts';
export type { DevnetAccount, DevnetOptions, RunningDevnet, StartDevnet } from './devnet-types.ts';
export { type RegistryCall, registerCall, removeCall } from './epochs/registry-calls.ts';
export { readRegistry } from './epochs/registry-storage.ts';
export {
  FinalityConflictError,
  InvalidBlockError,
  NoRunningValidatorError,
  UnavailableError,
  UnknownValidatorError,
} from './errors.ts';
export { type BuiltGenesis, buildGenesis } from './genesis/genesis-block.ts';
export {
  createDevnetGenesis,
  type DevnetGenesis,
  type DevnetGenesisOptions,
  devnetFeeRecipients,
  devnetValidatorKeys,
} from './genesis/index.ts';
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
export { peerOf } from './peers/peer-names.ts';
export {
  CHUNK_STREAM,
  CONSENSUS_STREAM,
  EVIDENCE_STREAM,
  FETCH_PROTOCOL,
  TRANSACTION_TOPIC,
} from './peers/protocols.ts';
export { exportSigner, importSigner, type SignerPlace } from './signer-transfer.ts';
export { type NodeFootprint, ValidatorNode, type ValidatorNodeOptions } from './validator-node.ts';
