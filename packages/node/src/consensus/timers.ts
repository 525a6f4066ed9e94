import type { TimerKind } from '@heddle/consensus';
import type { Cancel, Scheduler } from '@heddle/runtime';

/** The timers that are longer where leaders wait for missing shards. Retry and idle wait for nobody's chunks. */
export const EXTENDED_TIMERS: readonly TimerKind[] = ['proposal', 'notarization'];

interface RunningTimer {
  readonly cancel: Cancel;
  readonly view: bigint;
  /** What it runs for once more when its delay is over, ms. */
  readonly extraMs: number;
}

/** The engine's timers on a real or virtual scheduler: at most one of each kind. */
export class ViewTimers {
  readonly #scheduler: Scheduler;
  readonly #fire: (timer: TimerKind, view: bigint) => void;
  readonly #running = new Map<TimerKind, RunningTimer>();

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
        if (!cancelled) this.#expire(timer, view);
      });
    });
    const cancel = (): void => {
      cancelled = true;
      cancelDelay();
    };
    this.#running.set(timer, { cancel, view, extraMs: 0 });
  }

  /** Makes a timer longer if it runs for this view. */
  prolong(timer: TimerKind, view: bigint, byMs: number): void {
    const running = this.#running.get(timer);
    if (running?.view === view) this.#running.set(timer, { ...running, extraMs: running.extraMs + byMs });
  }

  cancel(timer: TimerKind): void {
    this.#running.get(timer)?.cancel();
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const { cancel } of this.#running.values()) cancel();
    this.#running.clear();
  }

  #expire(timer: TimerKind, view: bigint): void {
    const extraMs = this.#running.get(timer)?.extraMs ?? 0;
    this.#running.delete(timer);
    if (extraMs > 0) this.set(timer, view, extraMs);
    else this.#fire(timer, view);
  }
}
