import type { AccessListResult, AccessListTask } from './access-list.ts';
import type { CallResult, CallTask } from './call.ts';
import type { EstimateTask } from './estimate.ts';
import type { TraceCallsResult, TraceCallsTask } from './trace-calls.ts';
import type { TraceResult, TraceTransactionsTask } from './trace-transactions.ts';
import type { TransactionConsole, TransactionConsoleTask } from './transaction-console.ts';

/** What can be asked for, by kind: plain data that can be sent to a thread. */
export interface Tasks {
  readonly call: CallTask;
  readonly estimate: EstimateTask;
  readonly accessList: AccessListTask;
  readonly traceTransactions: TraceTransactionsTask;
  readonly traceCalls: TraceCallsTask;
  readonly transactionConsole: TransactionConsoleTask;
}

/** What comes back, plain data as well. */
export interface Results {
  readonly call: CallResult;
  readonly estimate: CallResult;
  readonly accessList: AccessListResult;
  readonly traceTransactions: TraceResult;
  readonly traceCalls: TraceCallsResult;
  readonly transactionConsole: readonly TransactionConsole[];
}

export type JobKind = keyof Tasks & keyof Results;

/** One thing to execute; every task names the state that it runs on (`StatePoint`). */
export interface Job<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  readonly task: Tasks[Kind];
}

/** Does jobs: on threads, or on the one that asks. */
export interface SimulationRunner {
  /**
   * Rejects with `SimulationTimeoutError`, `SimulationBusyError`, `SimulationCancelledError` (also when `signal` is aborted),
   * `SimulationMemoryError`, `SimulationFailedError`, `ResultTooLargeError`, or with what the source of state threw.
   */
  run<Kind extends JobKind>(kind: Kind, task: Tasks[Kind], signal: AbortSignal): Promise<Results[Kind]>;
}
