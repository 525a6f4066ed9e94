import { HeddleError } from '@heddle/primitives';

/** A delay that is not a finite number of milliseconds at or above zero. Leave the timer out to wait for ever. */
export class InvalidDelayError extends HeddleError<{
  readonly delayMs: number;
}> {
  readonly code = 'INVALID_DELAY';

  constructor(delayMs: number) {
    super(`delay ${delayMs} ms is not a finite number ≥ 0; set no timer at all to wait for ever`, { delayMs });
  }
}

/** A request for a number of random bytes that is not an integer in `0 … limit`. */
export class InvalidByteLengthError extends HeddleError<{
  readonly length: number;
  readonly limit: number;
}> {
  readonly code = 'INVALID_BYTE_LENGTH';

  constructor(length: number, limit: number) {
    super(`cannot make ${length} random bytes; ask for an integer in 0 … ${limit}`, { length, limit });
  }
}

/** Virtual time ran more tasks in one go than any sound run has: two of them schedule each other without time passing. */
export class RunawayScheduleError extends HeddleError<{
  readonly tasksRun: number;
  readonly nowMs: number;
}> {
  readonly code = 'RUNAWAY_SCHEDULE';

  constructor(tasksRun: number, nowMs: number) {
    super(
      `${tasksRun} tasks ran in one advance and time stands at ${nowMs} ms; look for tasks that reschedule each other`,
      { tasksRun, nowMs },
    );
  }
}

/** A draw from an empty list. */
export class NothingToPickError extends HeddleError {
  readonly code = 'NOTHING_TO_PICK';

  constructor() {
    super('there is nothing to pick from', {});
  }
}
