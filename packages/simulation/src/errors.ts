import { HeddleError } from '@heddle/primitives';
import type { Hash } from '@heddle/types';

/** A job ran longer than its time. */
export class SimulationTimeoutError extends HeddleError<{ readonly limitMs: number }> {
  readonly code = 'SIMULATION_TIMEOUT';
  constructor(limitMs: number) {
    super(`execution aborted (timeout = ${limitMs / 1_000}s): ask for less at once`, { limitMs });
  }
}

/** More jobs wait than there is room for. */
export class SimulationBusyError extends HeddleError<{ readonly waiting: number }> {
  readonly code = 'SIMULATION_BUSY';
  constructor(waiting: number) {
    super(`${waiting} calls and traces are waiting already: try again later`, { waiting });
  }
}

/** Whoever wanted the result is gone, or the pool is being closed. */
export class SimulationCancelledError extends HeddleError {
  readonly code = 'SIMULATION_CANCELLED';
  constructor() {
    super('nobody waits for the result any more', {});
  }
}

/** The state behind a root was there once and is not kept any longer. */
export class StateUnavailableError extends HeddleError<{ readonly root: Hash }> {
  readonly code = 'SIMULATION_STATE_UNAVAILABLE';
  constructor(root: Hash) {
    super(`the state of root ${root} is not kept any longer`, { root });
  }
}

/** A result would be longer than what may be sent. */
export class ResultTooLargeError extends HeddleError<{ readonly limitBytes: number }> {
  readonly code = 'SIMULATION_RESULT_TOO_LARGE';
  constructor(limitBytes: number) {
    super(`the result is longer than ${limitBytes} bytes: ask for less, or switch parts of it off`, { limitBytes });
  }
}

/** A job needed more memory than a worker has; the worker ended, others go on. */
export class SimulationMemoryError extends HeddleError<{ readonly limitMegabytes: number }> {
  readonly code = 'SIMULATION_MEMORY';
  constructor(limitMegabytes: number) {
    super(`execution aborted (more than ${limitMegabytes} MB of memory): ask for less at once`, { limitMegabytes });
  }
}

/** A worker failed in a way that is no fault of the job: a bug of this node. `reason` is for the log. */
export class SimulationFailedError extends HeddleError<{ readonly reason: string }> {
  readonly code = 'SIMULATION_FAILED';
  constructor(reason: string) {
    super(`a simulation failed: ${reason}`, { reason });
  }
}
