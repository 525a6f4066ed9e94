import type { Cancel, Scheduler, VirtualTime } from '@heddle/runtime';

/**
 * One life of a machine's process: its event loop. A stall holds back timers and frames, which then run in the order in
 * which they fell due; when the life has ended, nothing of it runs any more.
 */
export class ProcessLife {
  readonly scheduler: Scheduler;
  readonly #time: VirtualTime;
  #alive = true;
  #stalledUntilMs = 0;
  #held: (() => void)[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
    this.scheduler = {
      after: (delayMs, task): Cancel => this.#schedule(delayMs, task),
      soon: (task): void => {
        this.#schedule(0, task);
      },
    };
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** From outside: a frame has arrived. */
  run(task: () => void): void {
    if (!this.#alive) return;
    if (this.#held.length > 0 || this.#time.clock.monotonicMs() < this.#stalledUntilMs) this.#held.push(task);
    else task();
  }

  /** The event loop stands still for so long. */
  stall(durationMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#time.clock.monotonicMs() + durationMs);
    this.#time.scheduler.after(durationMs, () => this.#drain());
  }

  end(): void {
    this.#alive = false;
    this.#held = [];
  }

  #schedule(delayMs: number, task: () => void): Cancel {
    let isCancelled = false;
    const cancel = this.#time.scheduler.after(delayMs, () =>
      this.run(() => {
        if (!isCancelled) task();
      }),
    );
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** One task a turn, so that promises settle in between as they would in a process. */
  #drain(): void {
    if (!this.#alive || this.#time.clock.monotonicMs() < this.#stalledUntilMs) return;
    const task = this.#held.shift();
    if (task === undefined) return;
    if (this.#held.length > 0) this.#time.scheduler.soon(() => this.#drain());
    task();
  }
}
