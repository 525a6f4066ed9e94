import type { ChunkAnnouncement, Endorsement, Hash, ValidatorIndex } from '@heddle/types';
import { MAX_CHUNKS_PER_PLACE } from '../limits.ts';
import { holdOrphan, type Orphan } from '../orphans.ts';
import { driveShard } from '../rules/due.ts';
import { collectEndorsement } from '../rules/endorsements.ts';
import { accuseProducer, blockPeer } from '../rules/evidence.ts';
import type { ShardRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';

/** A chunk of its producer by rule, signed by it. It stands for its place as long as its parent does. */
export function handleChunk(t: ChunkTransition, announcement: ChunkAnnouncement): void {
  const { config, finalizedHeight, parents } = t.state;
  const { header, chunkHash } = announcement;
  const parentHash = header.parentBlockHash;
  if (header.shard >= config.shardCount || header.height <= finalizedHeight) return;
  const parent = parents.get(parentHash);
  if (parent === undefined) {
    hold(t, parentHash, { kind: 'chunk', announcement });
    return;
  }
  const record = parent.shards[header.shard];
  if (record === undefined || header.height !== parent.height) return;
  const known = record.candidates.get(chunkHash);
  if (known === undefined ? !hasRoomFor(record, chunkHash) : known.status !== 'gone') return; // [window]
  if (known === undefined) accuseProducer(t, record, announcement); // [evidence]
  t.updateCandidate({ announcement, status: 'waiting' });
  driveShard(t, parentHash, header.shard);
}

/** [window] [fetch] What a quorum has certified always finds room. */
function hasRoomFor({ candidates, certificate }: ShardRecord, chunkHash: Hash): boolean {
  return candidates.size < MAX_CHUNKS_PER_PLACE || certificate?.chunkHash === chunkHash;
}

/** [sender] An endorsement from the wire. It counts only from its signer itself: nobody can fill another's place. */
export function handleEndorsement(t: ChunkTransition, from: ValidatorIndex, endorsement: Endorsement): void {
  const { shard, parentBlockHash, signer } = endorsement;
  const parent = t.state.parents.get(parentBlockHash);
  if (parent === undefined) {
    // It names no epoch. On a parent that is not known here it may be another one's, in whose set the sender has another
    // place: nobody's fault.
    if (signer === from) hold(t, parentBlockHash, { kind: 'endorsement', endorsement });
    return;
  }
  if (signer !== from || parent.shards[shard] === undefined) {
    blockPeer(t, from, 'endorsement: not of its sender'); // [blame]
    return;
  }
  collectEndorsement(t, endorsement);
  driveShard(t, parentBlockHash, shard);
}

/** For a parent that may become known later. */
function hold(t: ChunkTransition, parentHash: Hash, orphan: Orphan): void {
  const { config, orphans, finalizedHeight } = t.state;
  t.set({ orphans: holdOrphan(orphans, parentHash, orphan, finalizedHeight, config.shardCount) });
}
