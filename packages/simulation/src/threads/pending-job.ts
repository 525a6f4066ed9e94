import type { Job } from '../engine/job.ts';
import { SimulationCancelledError } from '../errors.ts';

/** Gets the result that its asker knows the type of. */
export type TakeResult = (result: never) => void;

/** A job from when it is asked for until it is settled; it may be given to several workers, one after the other. */
export class PendingJob {
  readonly id: number;
  readonly job: Job;
  readonly signal: AbortSignal;
  /** It has run for long once: it only runs where long jobs may. */
  isLong: boolean;
  /** What a read for it threw, for when the worker says that it failed of one. */
  readError: unknown = null;
  #isSettled = false;
  readonly #take: TakeResult;
  readonly #reject: (error: unknown) => void;
  readonly #abandoned: () => void;

  constructor(
    id: number,
    asked: { readonly job: Job; readonly signal: AbortSignal; readonly isLong: boolean },
    take: TakeResult,
    reject: (error: unknown) => void,
  ) {
    this.id = id;
    this.job = asked.job;
    this.signal = asked.signal;
    this.isLong = asked.isLong;
    this.#take = take;
    this.#reject = reject;
    this.#abandoned = () => this.fail(new SimulationCancelledError());
    this.signal.addEventListener('abort', this.#abandoned, { once: true });
  }

  /** Whoever asked has been answered: nobody waits any more. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  finish(result: never): void {
    if (this.#settle()) this.#take(result);
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.signal.removeEventListener('abort', this.#abandoned);
    return true;
  }
}
