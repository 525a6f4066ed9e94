import type { PeerId } from '@heddle/network';
import type { Chunk, Hash } from '@heddle/types';
import { MAX_HELD_CHUNKS_PER_SENDER } from '../limits.ts';
import type { ExecutedChunk } from './executed-block.ts';

/**
 * Chunks above the final head: as received and not checked, one copy a sender, since the hash covers neither body nor
 * signature and a forged copy must not displace the genuine one; and as executed. Bounded by sender, so that who sends
 * too much loses its own oldest and nobody else's. Everything at or below a final height is dropped.
 */
export class ChunkCache {
  readonly #held = new Map<PeerId, Map<Hash, Chunk>>();
  readonly #executed = new Map<Hash, ExecutedChunk>();

  /** Bytes that wait. */
  get heldBytes(): number {
    let bytes = 0;
    for (const chunks of this.#held.values()) {
      for (const { body } of chunks.values()) for (const { length } of body.transactions) bytes += length;
    }
    return bytes;
  }

  hold(hash: Hash, chunk: Chunk, from: PeerId): void {
    if (this.#executed.has(hash)) return;
    const held = this.#held.get(from) ?? new Map<Hash, Chunk>();
    this.#held.set(from, held.set(hash, chunk));
    const [oldest] = held.keys();
    if (held.size > MAX_HELD_CHUNKS_PER_SENDER && oldest !== undefined) held.delete(oldest);
  }

  /** The copy of one sender. */
  heldFrom(hash: Hash, from: PeerId): Chunk | null {
    return this.#held.get(from)?.get(hash) ?? null;
  }

  /** All copies, unchecked. */
  copies(hash: Hash): readonly Chunk[] {
    return [...this.#held.values()].map((held) => held.get(hash)).filter((chunk) => chunk !== undefined);
  }

  remember(executed: ExecutedChunk): void {
    this.#executed.set(executed.hash, executed);
    for (const held of this.#held.values()) held.delete(executed.hash);
  }

  executed(hash: Hash): ExecutedChunk | null {
    return this.#executed.get(hash) ?? null;
  }

  prune(finalHeight: bigint): void {
    for (const held of this.#held.values()) {
      for (const [hash, { header }] of held) if (header.height <= finalHeight) held.delete(hash);
    }
    for (const [hash, { header }] of this.#executed) if (header.height <= finalHeight) this.#executed.delete(hash);
  }
}
