import type { PeerId } from '@heddle/network';
import type { Chunk, ChunkHeader, Hash, ShardId } from '@heddle/types';
import { HELD_CHUNK_BYTES } from '../limits.ts';
import { ByteBudget } from '../peers/byte-budget.ts';
import type { ExecutedChunk } from './executed-block.ts';

interface HeldChunk {
  readonly chunk: Chunk;
  readonly from: PeerId;
  readonly bytes: number;
}

/**
 * Chunks above the final head: those that wait to be executed, each genuine (its producer's signature and its body are
 * checked before it comes here), and those that are executed. What waits is bounded in bytes, by sender and in all.
 * Everything at or below a final height is dropped.
 */
export class ChunkCache {
  /** In the order of arrival. */
  readonly #held = new Map<Hash, HeldChunk>();
  readonly #executed = new Map<Hash, ExecutedChunk>();
  readonly #budget = new ByteBudget<PeerId>(HELD_CHUNK_BYTES, (sender) => this.#dropOldestOf(sender));

  /** Bytes that wait. */
  get heldBytes(): number {
    return this.#budget.total;
  }

  /** Holds a genuine chunk of `bytes` on the wire until it is executed; false if there is no room for it. */
  hold(hash: Hash, chunk: Chunk, from: PeerId, bytes: number): boolean {
    if (this.#executed.has(hash) || this.#held.has(hash)) return true;
    if (!this.#budget.take(from, bytes)) return false;
    this.#held.set(hash, { chunk, from, bytes });
    return true;
  }

  held(hash: Hash): Chunk | null {
    return this.#held.get(hash)?.chunk ?? null;
  }

  /** The executed chunk's, or the one that waits. */
  get(hash: Hash): Chunk | null {
    return this.#executed.get(hash)?.chunk ?? this.held(hash);
  }

  /** It can't be used here any more. */
  drop(hash: Hash): void {
    const held = this.#held.get(hash);
    if (held === undefined) return;
    this.#held.delete(hash);
    this.#budget.release(held.from, held.bytes);
  }

  /** Headers of everything here for a shard and height, by hash. */
  at({ shard, height }: ChunkHeader): ReadonlyMap<Hash, ChunkHeader> {
    const found = new Map<Hash, ChunkHeader>();
    for (const [hash, { header }] of this.#executed) {
      if (header.height === height && header.shard === shard) found.set(hash, header);
    }
    for (const [hash, { chunk }] of this.#held) {
      const { header } = chunk;
      if (header.height === height && header.shard === shard) found.set(hash, header);
    }
    return found;
  }

  remember(executed: ExecutedChunk): void {
    this.#executed.set(executed.hash, executed);
    this.drop(executed.hash);
  }

  executed(hash: Hash): ExecutedChunk | null {
    return this.#executed.get(hash) ?? null;
  }

  /** A chunk of the shard on the parent that is executed here; the first, should there be more. */
  executedOn(parentHash: Hash, shard: ShardId): ExecutedChunk | null {
    for (const executed of this.#executed.values()) {
      const { header } = executed;
      if (header.parentBlockHash === parentHash && header.shard === shard) return executed;
    }
    return null;
  }

  prune(finalHeight: bigint): void {
    for (const [hash, { chunk }] of this.#held) if (chunk.header.height <= finalHeight) this.drop(hash);
    for (const [hash, { header }] of this.#executed) if (header.height <= finalHeight) this.#executed.delete(hash);
  }

  #dropOldestOf(sender: PeerId): boolean {
    for (const [hash, { from }] of this.#held) {
      if (from !== sender) continue;
      this.drop(hash);
      return true;
    }
    return false;
  }
}
