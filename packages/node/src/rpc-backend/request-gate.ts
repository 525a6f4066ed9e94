import type { Admission } from '@heddle/rpc';
import type { Scheduler } from '@heddle/runtime';
import { REQUEST_DRAIN_MS, REQUEST_SHUT_MS } from '../limits.ts';

/** Lets requests in, but for the time in which there is no chain to answer from: then they wait. */
export class RequestGate implements Admission {
  readonly #scheduler: Scheduler;
  #inside = 0;
  #closings = 0;
  #waiting: (() => void)[] = [];
  #emptied: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  enter(): Promise<void> | null {
    if (this.#closings === 0) {
      this.#inside++;
      return null;
    }
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.#inside++;
        resolve();
      });
    });
  }

  leave(): void {
    this.#inside--;
    if (this.#inside === 0) this.#emptied();
  }

  /**
   * Runs `work` with nobody inside: the request that asks for it counts as outside meanwhile. While others end, new ones are
   * still let in, since there is a chain to answer from; only those that come after that wait. Who has waited for long inside
   * is not waited for: it gets what it gets.
   */
  async closedFor<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside > 0) await this.#emptyWithin(REQUEST_DRAIN_MS);
    this.#closings++;
    try {
      await this.#emptyWithin(REQUEST_SHUT_MS);
      return await work();
    } finally {
      this.#closings--;
      if (this.#closings === 0) for (const enter of this.#waiting.splice(0)) enter();
    }
  }

  /** For whoever is inside and waits for `work`: nobody waits for it to leave. */
  async outside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.leave();
    try {
      return await work();
    } finally {
      this.#inside++;
    }
  }

  #emptyWithin(limitMs: number): Promise<void> {
    if (this.#inside <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#scheduler.after(limitMs, () => resolve());
      this.#emptied = () => {
        cancel();
        resolve();
      };
    });
  }
}
