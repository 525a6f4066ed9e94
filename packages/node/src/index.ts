export { startDevnet } from './devnet.ts';
export type { DevnetAccount, DevnetOptions, RunningDevnet, StartDevnet } from './devnet-types.ts';
export { FinalityConflictError, InvalidBlockError, NoRunningValidatorError, UnavailableError } from './errors.ts';
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
} from './logger.ts';
