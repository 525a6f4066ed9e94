import { HeddleError } from '@heddle/primitives';

/** Why a job was not done. 'closed' and 'broken' are for good; the others may go well the next time. */
export type LanePoolFailure =
  /** The pool is closed. */
  | 'closed'
  /** Too many jobs wait. */
  | 'busy'
  /** A worker died. */
  | 'died'
  /** A worker ran into an error. */
  | 'failed'
  /** Too many workers died: no more are started. */
  | 'broken';

/** The pool did not do a job. The caller does it on its own thread: the results are the same. */
export class LanePoolError extends HeddleError<{
  readonly failure: LanePoolFailure;
  readonly reason: string;
}> {
  readonly code = 'LANE_POOL';

  constructor(failure: LanePoolFailure, reason: string) {
    super(`the worker pool did not do a job (${failure}): ${reason}. Do it on this thread`, { failure, reason });
  }
}
