export {
  ResultTooLargeError,
  SimulationBusyError,
  SimulationCancelledError,
  SimulationTimeoutError,
  StateUnavailableError,
} from './errors.ts';
export type {
  BlockFacts,
  BlockOverrides,
  CallMessage,
  CallOutcome,
  StateOverride,
  StateOverrides,
  StatePoint,
  StateSource,
} from './types.ts';
