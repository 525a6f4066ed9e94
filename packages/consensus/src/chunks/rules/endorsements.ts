import { assert } from '@heddle/primitives';
import { type Endorsement, type Hash, quorum, type ShardId, type ValidatorIndex } from '@heddle/types';
import type { ShardRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';
import { accuseEndorser } from './evidence.ts';

/** Keeps the first endorsement of a signer, this node's own included; a different second one is evidence. */
export function collectEndorsement(t: ChunkTransition, endorsement: Endorsement): void {
  const { shard, parentBlockHash, signer } = endorsement;
  const record = t.shard(parentBlockHash, shard);
  if (record === null || record.badSigners.has(signer)) return;
  const first = record.endorsements.get(signer);
  if (first === undefined) {
    const endorsements = new Map(record.endorsements).set(signer, endorsement);
    t.updateShard(parentBlockHash, shard, { endorsements });
    return;
  }
  accuseEndorser(t, record, first, endorsement);
}

/** [quorum] All endorsements of the chunk that has a quorum, by signer; empty if none has. */
export function quorumOfEqual({ endorsements }: ShardRecord, validatorCount: number): readonly Endorsement[] {
  const needed = quorum(validatorCount);
  if (endorsements.size < needed) return [];
  const byChunk = new Map<Hash, Endorsement[]>();
  for (const endorsement of endorsements.values()) {
    const equal = byChunk.get(endorsement.chunkHash) ?? [];
    equal.push(endorsement);
    byChunk.set(endorsement.chunkHash, equal);
  }
  // With q > n/2 at most one chunk has a quorum of first endorsements.
  const chosen = [...byChunk.values()].find((equal) => equal.length >= needed) ?? [];
  return chosen.toSorted((a, b) => a.signer - b.signer);
}

/** Drops what `badSigners` endorsed, and hears no more of them here. */
export function discardEndorsements(
  t: ChunkTransition,
  parentHash: Hash,
  shard: ShardId,
  bad: readonly ValidatorIndex[],
): void {
  assert(bad.length > 0, 'a failed aggregation names whose signature is bad');
  const record = t.shard(parentHash, shard);
  assert(record !== null, 'requests are given up with their parent');
  const badSigners = new Set([...record.badSigners, ...bad]);
  const endorsements = new Map([...record.endorsements].filter(([signer]) => !badSigners.has(signer)));
  t.updateShard(parentHash, shard, { badSigners, endorsements });
}
