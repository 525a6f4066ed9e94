import { FIRST_SLAB_BYTES, LAST_SLAB_BYTES } from '../limits.ts';

/** Length of the slab behind one of `before` bytes, for a piece of `needed`: they double up to a limit. */
export function nextSlabBytes(before: number, needed: number): number {
  return Math.max(needed, Math.min(LAST_SLAB_BYTES, Math.max(FIRST_SLAB_BYTES, 2 * before)));
}

/**
 * Short byte strings that live and die together, cut from slabs: a view costs a twentieth of an array of its own, which
 * the engine keeps outside of its heap as soon as it is longer than 64 bytes.
 */
export class Arena {
  #slab: Uint8Array = new Uint8Array(0);
  #used = 0;

  /** `length` bytes for the caller, zero. */
  take(length: number): Uint8Array {
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(nextSlabBytes(this.#slab.length, length));
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#slab.subarray(start, this.#used);
  }
}
