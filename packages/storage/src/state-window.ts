import { encodeRlp, encodeUint } from '@heddle/primitives';
import type { StateHistory } from '@heddle/state';
import { MAX_SHARDS } from '@heddle/types';
import { decodeQuantity, encodeQuantity } from './codecs.ts';
import type { Database } from './database.ts';
import { metaKey, type RemovedPiece, removedKey, tableRange } from './keys.ts';
import { MAX_REMOVED_PIECES, PRUNED_EXTRA_NODES, PRUNING_LOOKUPS, REMOVED_PIECE_NODES } from './limits.ts';
import type { BatchOperation } from './medium.ts';
import { recordIn } from './record-fields.ts';
import { decodeRemoved, type RemovedNodes } from './removed-nodes.ts';
import type { ShardState } from './shard-state.ts';
import { chunkVersion } from './state-versions.ts';

/** Number of the lowest block whose state is there. Throws `StorageDamagedError`. */
export function readOldest(database: Database): bigint {
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

/** Whether all that older states alone needed has been deleted: then each node that is stored is of a kept state. */
export async function isSettled(database: Database): Promise<boolean> {
  const due = chunkVersion(readOldest(database));
  const { gte } = tableRange('removed');
  const lt = removedKey({ version: due + 1n, shard: 0, piece: 0 });
  return (await database.keys({ gte, lt }, 1)).length === 0;
}

const encodeNext = ({ version, shard, piece }: RemovedPiece): Uint8Array =>
  encodeRlp([version, shard, piece].map(encodeUint));

interface GatheredPiece {
  readonly place: RemovedPiece;
  readonly removed: readonly RemovedNodes[];
}

interface Gathered {
  readonly pieces: readonly GatheredPiece[];
  /** In all of them. */
  readonly nodes: number;
  readonly lookups: number;
  /** Where the piece behind them lies, or would. */
  readonly next: RemovedPiece;
}

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

  /** What belongs into the batch of the block at `height`. `isPinned`: the window stays where it is. */
  operations(height: bigint, isPinned: boolean): readonly BatchOperation[] {
    const oldest = this.#oldestWith(height, isPinned);
    if (oldest === this.#oldest) return [];
    return [{ type: 'put', key: metaKey('oldestState'), value: encodeQuantity(oldest) }];
  }

  /** To be called in the moment in which readers see the block at `height`. */
  moveTo(height: bigint, isPinned: boolean): void {
    this.#oldest = this.#oldestWith(height, isPinned);
  }

  /** It never goes down: what a window has left behind is gone, even if all is kept from here on. */
  #oldestWith(height: bigint, isPinned: boolean): bigint {
    if (this.#keptBlocks === null || isPinned) return this.#oldest;
    const oldest = height - BigInt(this.#keptBlocks) + 1n;
    return oldest > this.#oldest ? oldest : this.#oldest;
  }

  /**
   * Deletes what lies behind the window: after a block that removed so many nodes, somewhat more than that, so that
   * a backlog shrinks (there is one after a time in which all was kept). Each batch is atomic, and what it has not done
   * is still written down. Throws `StorageDamagedError`, `StorageFailureError`.
   */
  async prune(removed: number): Promise<void> {
    let lookups = PRUNING_LOOKUPS;
    for (let left = removed + PRUNED_EXTRA_NODES; left > 0; ) {
      const found = this.#gather(lookups);
      lookups -= found.lookups;
      if (found.pieces.length > 0) await this.#delete(found);
      this.#next = found.next;
      left -= found.nodes;
      if (found.pieces.length === 0) return;
    }
  }

  /** The next pieces that are due, as many as make a batch. A version is due once the oldest kept state does without it. */
  #gather(mostLookups: number): Gathered {
    const due = chunkVersion(this.#oldest);
    const pieces: GatheredPiece[] = [];
    let next = this.#next;
    let lookups = 0;
    let nodes = 0;
    while (next.version <= due && nodes < REMOVED_PIECE_NODES && lookups < mostLookups) {
      const value = this.#database.get(removedKey(next));
      lookups++;
      if (value === undefined) {
        next = this.#behind(next);
        continue;
      }
      const removed = decodeRemoved(value);
      pieces.push({ place: next, removed });
      for (const { hashes } of removed) nodes += hashes.length;
      next = { ...next, piece: next.piece + 1 };
    }
    return { pieces, nodes, lookups, next };
  }

  #behind({ version, shard }: RemovedPiece): RemovedPiece {
    if (shard + 1 < this.#states.length) return { version, shard: shard + 1, piece: 0 };
    return { version: version + 1n, shard: 0, piece: 0 };
  }

  async #delete({ pieces, next }: Gathered): Promise<void> {
    const operations: BatchOperation[] = [{ type: 'put', key: metaKey('pruned'), value: encodeNext(next) }];
    for (const { place, removed } of pieces) {
      operations.push({ type: 'del', key: removedKey(place) });
      const deletions = await this.#states[place.shard]?.deletions(place.version, removed);
      for (const operation of deletions ?? []) operations.push(operation);
    }
    await this.#database.write(operations, false);
  }
}
