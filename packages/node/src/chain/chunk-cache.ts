import type { Chunk, Hash } from '@heddle/types';
import { MAX_HELD_CHUNKS } from '../limits.ts';
import type { ExecutedChunk } from './executed-block.ts';

/** Chunks above the final head: as received, and as executed. Bounded; everything at or below a final height is dropped. */
export class ChunkCache {
  readonly #received = new Map<Hash, Chunk>();
  readonly #executed = new Map<Hash, ExecutedChunk>();

  hold(hash: Hash, chunk: Chunk): void {
    if (this.#received.size >= MAX_HELD_CHUNKS) {
      const oldest = this.#received.keys().next();
      if (oldest.done !== true) this.#received.delete(oldest.value);
    }
    this.#received.set(hash, chunk);
  }

  received(hash: Hash): Chunk | null {
    return this.#received.get(hash) ?? this.#executed.get(hash)?.chunk ?? null;
  }

  remember(executed: ExecutedChunk): void {
    this.#executed.set(executed.hash, executed);
    this.#received.delete(executed.hash);
  }

  executed(hash: Hash): ExecutedChunk | null {
    return this.#executed.get(hash) ?? null;
  }

  prune(finalHeight: bigint): void {
    for (const [hash, chunk] of this.#received) if (chunk.header.height <= finalHeight) this.#received.delete(hash);
    for (const [hash, chunk] of this.#executed) if (chunk.header.height <= finalHeight) this.#executed.delete(hash);
  }
}
