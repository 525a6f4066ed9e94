import type { Chunk, Hash, ValidatorIndex } from '@heddle/types';
import { MAX_HELD_CHUNKS } from '../limits.ts';
import type { ExecutedChunk } from './executed-block.ts';

/** A chunk as one peer sent it, not checked yet. The hash covers neither body nor signature. */
interface HeldChunk {
  readonly hash: Hash;
  readonly from: ValidatorIndex;
  readonly chunk: Chunk;
}

/**
 * Chunks above the final head: as received, one copy a sender so that a forged copy can't displace the genuine one, and
 * as executed. Bounded; everything at or below a final height is dropped.
 */
export class ChunkCache {
  readonly #held = new Map<string, HeldChunk>();
  readonly #executed = new Map<Hash, ExecutedChunk>();

  hold(hash: Hash, chunk: Chunk, from: ValidatorIndex): void {
    if (this.#executed.has(hash)) return;
    if (this.#held.size >= MAX_HELD_CHUNKS) {
      const oldest = this.#held.keys().next();
      if (oldest.done !== true) this.#held.delete(oldest.value);
    }
    this.#held.set(keyOf(hash, from), { hash, from, chunk });
  }

  /** The copy of one sender. */
  heldFrom(hash: Hash, from: ValidatorIndex): Chunk | null {
    return this.#held.get(keyOf(hash, from))?.chunk ?? null;
  }

  /** All copies, unchecked. */
  copies(hash: Hash): readonly Chunk[] {
    return [...this.#held.values()].filter((held) => held.hash === hash).map(({ chunk }) => chunk);
  }

  remember(executed: ExecutedChunk): void {
    this.#executed.set(executed.hash, executed);
    for (const [key, held] of this.#held) if (held.hash === executed.hash) this.#held.delete(key);
  }

  executed(hash: Hash): ExecutedChunk | null {
    return this.#executed.get(hash) ?? null;
  }

  prune(finalHeight: bigint): void {
    for (const [key, held] of this.#held) if (held.chunk.header.height <= finalHeight) this.#held.delete(key);
    for (const [hash, { header }] of this.#executed) if (header.height <= finalHeight) this.#executed.delete(hash);
  }
}

function keyOf(hash: Hash, from: ValidatorIndex): string {
  return `${hash}:${from}`;
}
