import type { PendingJob } from './pending-job.ts';

/** Jobs that wait, in order. Those that nobody waits for any more are dropped on the way. */
export class JobQueue {
  #jobs: PendingJob[] = [];

  get isEmpty(): boolean {
    this.#dropSettledHead();
    return this.#jobs.length === 0;
  }

  /** Exact when it is at least `enough`; else it may count some that nobody waits for. */
  lengthUpTo(enough: number): number {
    if (this.#jobs.length >= enough) this.#jobs = this.#jobs.filter(({ isSettled }) => !isSettled);
    return this.#jobs.length;
  }

  push(job: PendingJob): void {
    this.#jobs.push(job);
  }

  /** They were taken and have not begun. */
  putBack(jobs: readonly PendingJob[]): void {
    this.#jobs.unshift(...jobs);
  }

  take(): PendingJob | null {
    this.#dropSettledHead();
    return this.#jobs.shift() ?? null;
  }

  failAll(error: unknown): void {
    for (const job of this.#jobs.splice(0)) job.fail(error);
  }

  #dropSettledHead(): void {
    while (this.#jobs[0]?.isSettled === true) this.#jobs.shift();
  }
}
