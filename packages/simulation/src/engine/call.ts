import { watchFrames } from '@heddle/execution';
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
  const run = new MessageRun(task, task.block, source);
  const outcome = outcomeOf(() => run.run(cappedGas(task), watchFrames(observer)));
  return { outcome, console: observer.inputs };
}
