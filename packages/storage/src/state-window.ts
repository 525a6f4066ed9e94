import { encodeRlp, encodeUint } from '@heddle/primitives';
import type { StateHistory } from '@heddle/state';
import { MAX_SHARDS } from '@heddle/types';
import { decodeQuantity, encodeQuantity } from './codecs.ts';
import type { Database } from './database.ts';
import { metaKey, type RemovedPiece, removedKey } from './keys.ts';
import { MAX_REMOVED_PIECES, PRUNED_EXTRA_NODES, PRUNING_LOOKAHEAD } from './limits.ts';
import type { BatchOperation } from './medium.ts';
import { recordIn } from './record-fields.ts';
import { decodeRemoved } from './removed-nodes.ts';
import type { ShardState } from './shard-state.ts';
import { chunkVersion } from './state-versions.ts';

function readOldest(database: Database): bigint {
  const value = database.get(metaKey('oldestState'));
  if (value === undefined) throw database.damaged("'oldestState' is missing");
  return decodeQuantity(value);
}

function readNext(database: Database): RemovedPiece {
  const value = database.get(metaKey('pruned'));
  if (value === undefined) return { version: 0n, shard: 0, piece: 0 };
  const reader = recordIn('pruned', value, 3);
  return {
    version: reader.u64('version'),
    shard: reader.index('shard', MAX_SHARDS - 1),
    piece: reader.index('piece', MAX_REMOVED_PIECES),
  };
}

const encodeNext = ({ version, shard, piece }: RemovedPiece): Uint8Array =>
  encodeRlp([version, shard, piece].map(encodeUint));

/**
 * Which final blocks' state is there, and the deletion of what only older ones need. The lower end of the window is
 * written with every block that moves it; what has fallen out of it is deleted behind the commits, piece by piece.
 */
export class StateWindow {
  readonly #database: Database;
  readonly #states: readonly ShardState[];
  readonly #keptBlocks: number | null;
  #oldest: bigint;
  /** Where the next piece lies, or would. */
  #next: RemovedPiece;

  /** `keptBlocks`: see `StateHistory`. Throws `StorageDamagedError`, `StorageFailureError`. */
  constructor(database: Database, states: readonly ShardState[], keptBlocks: number | null) {
    this.#database = database;
    this.#states = states;
    this.#keptBlocks = keptBlocks;
    this.#oldest = readOldest(database);
    this.#next = readNext(database);
  }

  at(newest: bigint): StateHistory {
    return { oldest: this.#oldest, newest, keptBlocks: this.#keptBlocks };
  }

  /** What belongs into the batch of the block at `height`. */
  operations(height: bigint): readonly BatchOperation[] {
    const oldest = this.#oldestWith(height);
    if (oldest === this.#oldest) return [];
    return [{ type: 'put', key: metaKey('oldestState'), value: encodeQuantity(oldest) }];
  }

  /** To be called in the moment in which readers see the block at `height`. */
  moveTo(height: bigint): void {
    this.#oldest = this.#oldestWith(height);
  }

  /** It never goes down: what a window has left behind is gone, even if all is kept from here on. */
  #oldestWith(height: bigint): bigint {
    if (this.#keptBlocks === null) return this.#oldest;
    const oldest = height - BigInt(this.#keptBlocks) + 1n;
    return oldest > this.#oldest ? oldest : this.#oldest;
  }

  /**
   * Deletes what lies behind the window: after a block that removed so many nodes, somewhat more than that, so that
   * a backlog shrinks (there is one after a time in which all was kept). Each batch is atomic, and what it has not done
   * is still written down. Throws `StorageDamagedError`, `StorageFailureError`.
   */
  async prune(removed: number): Promise<void> {
    for (let left = removed + PRUNED_EXTRA_NODES; left > 0; ) {
      const places = this.#places();
      if (places.length === 0) return;
      const values = await this.#database.getMany(places.map(removedKey));
      const found = values.findIndex((value) => value !== undefined);
      const [place, value] = [places[found], values[found]];
      if (place === undefined || value === undefined) {
        this.#next = this.#behind(places.at(-1) ?? this.#next);
        left -= places.length;
        continue;
      }
      left -= found + (await this.#prunePiece(place, value));
    }
  }

  /** Where the next pieces may lie: a version is due once it no longer matters to the oldest state that is kept. */
  #places(): readonly RemovedPiece[] {
    const places: RemovedPiece[] = [];
    const due = chunkVersion(this.#oldest);
    for (let at = this.#next; at.version <= due && places.length < PRUNING_LOOKAHEAD; at = this.#behind(at)) {
      places.push(at);
    }
    return places;
  }

  #behind({ version, shard }: RemovedPiece): RemovedPiece {
    if (shard + 1 < this.#states.length) return { version, shard: shard + 1, piece: 0 };
    return { version: version + 1n, shard: 0, piece: 0 };
  }

  /** Gives the number of nodes in it. */
  async #prunePiece(place: RemovedPiece, value: Uint8Array): Promise<number> {
    const removed = decodeRemoved(value);
    const next = { ...place, piece: place.piece + 1 };
    const operations: BatchOperation[] = [
      { type: 'del', key: removedKey(place) },
      { type: 'put', key: metaKey('pruned'), value: encodeNext(next) },
    ];
    const state = this.#states[place.shard];
    for (const operation of (await state?.deletions(place.version, removed)) ?? []) operations.push(operation);
    await this.#database.write(operations, false);
    this.#next = next;
    return removed.reduce((count, { hashes }) => count + hashes.length, 0);
  }
}
