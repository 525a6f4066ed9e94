export { NO_BLOCK_OVERRIDES, overrideBlock } from './engine/block.ts';
export type { CallResult } from './engine/call.ts';
export { CONSOLE_ADDRESS } from './engine/console.ts';
export type { Job, JobKind, Results, SimulationRunner, Tasks } from './engine/job.ts';
export { type Replay, type ReplayVisitor, replayPart } from './engine/replay.ts';
export type { ListedRoot, ReplayedPart, ReplayedTransaction } from './engine/replayed-part.ts';
export { runJob } from './engine/run-job.ts';
export type {
  SimulatedBlock,
  SimulatedBlockRequest,
  SimulatedCallReport,
  SimulatedCallRequest,
  SimulatedTransaction,
  SimulateResult,
} from './engine/simulate/types.ts';
export type { TraceCallsResult } from './engine/trace-calls.ts';
export type { CallSelection, TraceForm, TraceResult } from './engine/trace-transactions.ts';
export type { TransactionConsole } from './engine/transaction-console.ts';
export {
  ResultTooLargeError,
  SimulationBusyError,
  SimulationCancelledError,
  SimulationFailedError,
  SimulationMemoryError,
  SimulationTimeoutError,
  StateUnavailableError,
} from './errors.ts';
export { ShortCalls } from './short/short-calls.ts';
export { inlineRunner } from './threads/inline-runner.ts';
export { type SimulationPool, startSimulationPool } from './threads/pool.ts';
export type { TracerSpec } from './tracers/create-tracer.ts';
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
