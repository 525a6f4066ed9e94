import { MAX_TURN_MICROSECONDS } from './limits.ts';

/** Gives the event loop back in the middle of long work. */
export class Pacer {
  readonly #now: () => number;
  #since: number;

  /** `now`: µs, of any origin. The first turn begins now. */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** Whether this turn of the event loop has lasted long enough. */
  isDue(): boolean {
    return this.#now() - this.#since > MAX_TURN_MICROSECONDS;
  }

  /** Lets everyone else have a turn. What was true before may not be afterwards. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#since = this.#now();
  }

  /** Runs work that pauses to its end, resting at its pauses when it is time. */
  async finish<Result>(steps: Generator<void, Result>): Promise<Result> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (this.isDue()) await this.rest();
    }
  }
}
