import type { Cancel } from '@heddle/runtime';
import type { ExecutedBlock } from '../chain/executed-block.ts';
import type { Telling } from '../parts/events.ts';
import type { Foundation } from '../parts/foundation.ts';

type Parts = Pick<Foundation, 'pool' | 'control' | 'clock' | 'scheduler'> & Telling<'workChanged'>;

/**
 * Whether there is anything to make a block for on the preferred parent: executable transactions, undelivered
 * messages, blocks that somebody asked for, or control operations of a devnet's owner. Nothing here runs on a timer while there is no work.
 */
export class WorkMonitor {
  readonly #parts: Parts;
  readonly #blockTimeMs: number;
  #tip: ExecutedBlock;
  #tipSinceMs: number;
  #wantedHeight = 0n;
  #automine = true;
  #pending = false;
  #wakeUp: Cancel | null = null;

  /** `blockTimeMs`: least time between blocks while busy; 0 = none. */
  constructor(tip: ExecutedBlock, blockTimeMs: number, parts: Parts) {
    this.#parts = parts;
    this.#blockTimeMs = blockTimeMs;
    this.#tip = tip;
    this.#tipSinceMs = Number.NEGATIVE_INFINITY;
  }

  get pending(): boolean {
    return this.#pending;
  }

  /** The block that the next one will be built on, as far as this node knows. */
  get tip(): ExecutedBlock {
    return this.#tip;
  }

  /** A view was entered on `tip`. The engine forgot about work with the last view, so it is told in any case. */
  enterView(tip: ExecutedBlock): void {
    this.moveTip(tip);
    this.#parts.events.workChanged(this.#pending);
  }

  /** A view was entered on a parent that is not executed after a while. Taken for work, so that the view's timers run. */
  enterUnknown(): void {
    this.#parts.events.workChanged(true);
  }

  /** The chain has moved on below the view. */
  moveTip(tip: ExecutedBlock): void {
    if (tip.hash !== this.#tip.hash) this.#tipSinceMs = this.#parts.clock.monotonicMs();
    this.#tip = tip;
    this.refresh();
  }

  /** Asks for blocks up to `height` even when there is no work. */
  wantHeight(height: bigint): void {
    if (height > this.#wantedHeight) this.#wantedHeight = height;
    this.refresh();
  }

  /** Whether executable transactions are work. */
  get automine(): boolean {
    return this.#automine;
  }

  set automine(isOn: boolean) {
    this.#automine = isOn;
    this.refresh();
  }

  /** Call when the pool or the tip has changed. */
  refresh(): void {
    this.#wakeUp?.();
    this.#wakeUp = null;
    const pending = this.#hasWork() && this.#spacingPassed();
    if (pending === this.#pending) return;
    this.#pending = pending;
    this.#parts.events.workChanged(pending);
  }

  stop(): void {
    this.#wakeUp?.();
    this.#wakeUp = null;
  }

  #hasWork(): boolean {
    if (this.#tip.height < this.#wantedHeight) return true;
    if (this.#parts.control.partOn(this.#tip) !== null) return true;
    if (this.#tip.shards.some(({ queue }) => queue.length > 0)) return true;
    // Whatever it offers to pay: where blocks come on demand, a base fee above all offers falls only by making blocks.
    return this.#automine && this.#parts.pool.hasExecutable(0n);
  }

  #spacingPassed(): boolean {
    const waitMs = this.#tipSinceMs + this.#blockTimeMs - this.#parts.clock.monotonicMs();
    if (waitMs <= 0) return true;
    this.#wakeUp = this.#parts.scheduler.after(waitMs, () => this.refresh());
    return false;
  }
}
