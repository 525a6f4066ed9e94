/** Cancels what it was given for. Idempotent. */
export type Cancel = () => void;

/** Time for the edge packages. The pure packages never see one. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  wallMs(): number;
  /** Monotonic milliseconds, arbitrary origin. */
  monotonicMs(): number;
}

/** Timers and deferred work. */
export interface Scheduler {
  /** Runs `task` once after `delayMs` (≥ 0) of monotonic time. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs `task` soon, after what is running now, in the order of the calls. */
  soon(task: () => void): void;
}

/** Randomness for everything that is not hashed: jitter, ids. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform bytes. */
  bytes(length: number): Uint8Array;
}
