/** A delay that is not a finite number of milliseconds at or above zero. Leave the timer out to wait for ever. */
export class InvalidDelayError extends Error {
  readonly code = 'INVALID_DELAY';
  readonly delayMs: number;

  constructor(delayMs: number) {
    super(`delay ${delayMs} ms is not a finite number ≥ 0; set no timer at all to wait for ever`);
    this.name = 'InvalidDelayError';
    this.delayMs = delayMs;
  }
}

/** A request for a number of random bytes that is not an integer in `0 … limit`. */
export class InvalidByteLengthError extends Error {
  readonly code = 'INVALID_BYTE_LENGTH';
  readonly length: number;
  readonly limit: number;

  constructor(length: number, limit: number) {
    super(`cannot make ${length} random bytes; ask for an integer in 0 … ${limit}`);
    this.name = 'InvalidByteLengthError';
    this.length = length;
    this.limit = limit;
  }
}

/** Virtual time ran more tasks in one go than any sound run has: two of them schedule each other without time passing. */
export class RunawayScheduleError extends Error {
  readonly code = 'RUNAWAY_SCHEDULE';
  readonly tasksRun: number;
  readonly nowMs: number;

  constructor(tasksRun: number, nowMs: number) {
    super(
      `${tasksRun} tasks ran in one advance and time stands at ${nowMs} ms; look for tasks that reschedule each other`,
    );
    this.name = 'RunawayScheduleError';
    this.tasksRun = tasksRun;
    this.nowMs = nowMs;
  }
}
