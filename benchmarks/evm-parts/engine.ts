import type { Workload } from './workloads.ts';

export interface CallResult {
  readonly output: string;
  /** Milliseconds, without what an engine that is asked over HTTP needs for a call that does nothing. */
  readonly ms: number;
}

/** Something that executes calls. */
export interface Engine {
  readonly name: string;
  /** Whether a single call of so much gas takes long enough to be told from the noise of asking for it. */
  measures(gas: number): boolean;
  /** One call on the workload's own state; nothing of it stays. */
  call(workload: Workload): Promise<CallResult>;
  stop(): Promise<void>;
}
