import { BoundedCache } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { PATIENCE_DECAY, PATIENCE_MARGIN, TIMED_PARENTS } from '../limits.ts';

/**
 * What a leader waits for chunks beyond their deadline because they came later than that lately, in time or not. After a
 * chunk that is in time the deadline is D again, though the next one may be as heavy: without a memory most of the work on
 * heavy chunks would be thrown away. The leader's own affair: it stays within the timers that the others have anyway.
 */
export class Patience {
  readonly #capMs: number;
  readonly #begun = new BoundedCache<number>(TIMED_PARENTS);
  #waitMs = 0;

  /** `capMs`: longest wait. */
  constructor(capMs: number) {
    this.#capMs = capMs;
  }

  /** At least so long a leader waits, ms. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** Chunks on the parent can be made from now on. */
  begin(parentHash: Hash, nowMs: number): void {
    if (this.#begun.get(parentHash) === undefined) this.#begun.set(parentHash, nowMs);
  }

  /** Somebody's chunk on the parent has come. */
  arrived(parentHash: Hash, nowMs: number): void {
    const begunMs = this.#begun.get(parentHash);
    if (begunMs === undefined) return;
    const tookMs = (nowMs - begunMs) * PATIENCE_MARGIN;
    this.#waitMs = Math.min(Math.max(tookMs, this.#waitMs * PATIENCE_DECAY), this.#capMs);
  }
}
