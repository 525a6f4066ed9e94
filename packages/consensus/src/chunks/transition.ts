import { assert } from '@heddle/primitives';
import type { Hash, ShardId } from '@heddle/types';
import { OwnMap, type Step, Transition } from '../transition.ts';
import type { ChunkEffect } from './effect.ts';
import {
  type Candidate,
  type ChunkProtocolState,
  type ChunkRequest,
  type ParentRecord,
  parentOf,
  type ShardRecord,
  shardRecord,
} from './state.ts';

export type ChunkStep = Step<ChunkProtocolState, ChunkEffect>;

/** A step of the chunk protocol in the making. */
export class ChunkTransition extends Transition<ChunkProtocolState, ChunkEffect, ChunkRequest> {
  readonly #parents = new OwnMap<Hash, ParentRecord>();

  set(patch: Partial<Omit<ChunkProtocolState, 'parents' | 'requests' | 'nextRequestId'>>): void {
    this.replace(patch);
  }

  /** Null if the parent is not known (or already forgotten) or there is no such shard. */
  shard(parentHash: Hash, shard: ShardId): ShardRecord | null {
    return shardRecord(this.state, parentHash, shard);
  }

  updateShard(parentHash: Hash, shard: ShardId, patch: Partial<Omit<ShardRecord, 'shard'>>): void {
    const record = this.state.parents.get(parentHash);
    assert(record !== undefined, 'the parent whose record changes is known');
    const shards = record.shards.map((entry) => (entry.shard === shard ? { ...entry, ...patch } : entry));
    this.addParent({ ...record, shards });
  }

  updateCandidate(candidate: Candidate): void {
    const { header, chunkHash } = candidate.announcement;
    const record = this.shard(header.parentBlockHash, header.shard);
    assert(record !== null, 'the place of the candidate is known');
    const candidates = new Map(record.candidates).set(chunkHash, candidate);
    this.updateShard(header.parentBlockHash, header.shard, { candidates });
  }

  addParent(record: ParentRecord): void {
    this.replace({ parents: this.#parents.of(this.state.parents).set(record.parentHash, record) });
  }

  /** Forgets parents, and what was asked for their chunks. */
  dropParents(isOver: (record: ParentRecord) => boolean): void {
    const parents = this.#parents.of(this.state.parents);
    for (const record of this.state.parents.values()) if (isOver(record)) parents.delete(record.parentHash);
    this.replace({ parents });
    this.giveUp((request) => !parents.has(parentOf(request)));
  }

  finish(): ChunkStep {
    return { state: this.state, effects: this.effects };
  }
}
