import { boundWork, type Watch, watchFrames } from '@heddle/execution';
import type { CallOutcome, StateSource } from '../types.ts';
import { ConsoleObserver } from './console.ts';
import { cappedGas, MessageRun, type MessageTask, outcomeOf } from './message-run.ts';

/** eth_call. */
export type CallTask = MessageTask;

export interface CallResult {
  readonly outcome: CallOutcome;
  /** Inputs of its calls to `CONSOLE_ADDRESS`. */
  readonly console: readonly Uint8Array[];
}

export function runCall(task: CallTask, source: StateSource): CallResult {
  const observer = new ConsoleObserver();
  return runWatched(task, source, observer, watchFrames(observer));
}

/** As `runCall`, if it takes no more work than `workGas`. Throws `WorkBoundError` of @heddle/execution if it does. */
export function runCallWithin(task: CallTask, source: StateSource, workGas: number): CallResult {
  const observer = new ConsoleObserver();
  return runWatched(task, source, observer, boundWork(watchFrames(observer), workGas));
}

function runWatched(task: CallTask, source: StateSource, observer: ConsoleObserver, watch: Watch): CallResult {
  const run = new MessageRun(task, task.block, source);
  const outcome = outcomeOf(() => run.run(cappedGas(task), watch));
  return { outcome, console: observer.inputs };
}
