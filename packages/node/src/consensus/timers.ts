import type { TimerKind } from '@heddle/consensus';
import type { Cancel, Scheduler } from '@heddle/runtime';

/** The engine's timers on a real or virtual scheduler: at most one of each kind. */
export class ViewTimers {
  readonly #scheduler: Scheduler;
  readonly #fire: (timer: TimerKind, view: bigint) => void;
  readonly #running = new Map<TimerKind, Cancel>();

  constructor(scheduler: Scheduler, fire: (timer: TimerKind, view: bigint) => void) {
    this.#scheduler = scheduler;
    this.#fire = fire;
  }

  /** How many timers run; 0 on an idle devnet. */
  get size(): number {
    return this.#running.size;
  }

  set(timer: TimerKind, view: bigint, delayMs: number): void {
    this.cancel(timer);
    let cancelled = false;
    const cancelDelay = this.#scheduler.after(delayMs, () => {
      // After a stall of the event loop, what has arrived meanwhile gets its turn first (consensus.md, Node).
      this.#scheduler.soon(() => {
        if (cancelled) return;
        this.#running.delete(timer);
        this.#fire(timer, view);
      });
    });
    this.#running.set(timer, () => {
      cancelled = true;
      cancelDelay();
    });
  }

  cancel(timer: TimerKind): void {
    this.#running.get(timer)?.();
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
