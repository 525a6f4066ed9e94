import type { ChunkAnnouncement, Endorsement, Hash, ValidatorIndex } from '@heddle/types';
import { blame, change, changeCandidate, changeShard, type Draft, emit, shardRound, withEntry } from './draft.ts';
import { driveShard } from './drive.ts';
import { type EarlyMessage, holdEarly } from './early-buffer.ts';
import { MAX_CHUNKS_PER_PLACE } from './limits.ts';
import type { ShardRound } from './state.ts';

/** A chunk of its producer by rule, signed by it. It stands for its place as long as its parent does. */
export function onChunk(draft: Draft, announcement: ChunkAnnouncement): void {
  const { config, finalizedHeight, rounds } = draft.state;
  const { header, chunkHash } = announcement;
  const parentHash = header.parentBlockHash;
  if (header.shard >= config.shardCount || header.height <= finalizedHeight) return;
  const round = rounds.get(parentHash);
  if (round === undefined) {
    holdForLater(draft, parentHash, { kind: 'chunk', announcement });
    return;
  }
  const entry = round.shards[header.shard];
  if (entry === undefined || header.height !== round.height) return;
  const known = entry.candidates.get(chunkHash);
  if (known === undefined ? !hasRoomFor(entry, chunkHash) : known.status !== 'gone') return;
  if (known === undefined) reportSecondChunk(draft, entry, announcement);
  changeCandidate(draft, parentHash, header.shard, { announcement, status: 'waiting' });
  driveShard(draft, parentHash, header.shard);
}

/** What a quorum has certified always finds room. */
function hasRoomFor({ candidates, certificate }: ShardRound, chunkHash: Hash): boolean {
  return candidates.size < MAX_CHUNKS_PER_PLACE || certificate?.chunkHash === chunkHash;
}

function reportSecondChunk(draft: Draft, entry: ShardRound, second: ChunkAnnouncement): void {
  const culprit = second.header.producer;
  const [first] = entry.candidates.values();
  if (first === undefined || culprit === draft.state.config.validatorIndex) return;
  emit(draft, {
    kind: 'evidence',
    evidence: { kind: 'doubleProduce', culprit, first: first.announcement, second },
  });
}

/** An endorsement from the wire. It counts only from its signer itself: nobody can fill another's place. */
export function onEndorsement(draft: Draft, from: ValidatorIndex, endorsement: Endorsement): void {
  const { rounds } = draft.state;
  const { shard, parentBlockHash, signer } = endorsement;
  const round = rounds.get(parentBlockHash);
  if (round === undefined) {
    // It names no epoch. On a parent that is not known here it may be another one's, in whose set the sender has another
    // place: nobody's fault.
    if (signer === from) holdForLater(draft, parentBlockHash, { kind: 'endorsement', endorsement });
    return;
  }
  if (signer !== from || round.shards[shard] === undefined) {
    blame(draft, from, 'endorsement: not of its sender');
    return;
  }
  recordEndorsement(draft, endorsement);
  driveShard(draft, parentBlockHash, shard);
}
/** Keeps the first endorsement of a signer, its own node's included; a different second one is evidence. */
export function recordEndorsement(draft: Draft, endorsement: Endorsement): void {
  const { shard, parentBlockHash, chunkHash, signer } = endorsement;
  const entry = shardRound(draft.state, parentBlockHash, shard);
  if (entry === null || entry.badSigners.has(signer)) return;
  const first = entry.endorsements.get(signer);
  if (first === undefined) {
    const endorsements = withEntry(entry.endorsements, signer, endorsement);
    changeShard(draft, parentBlockHash, shard, { endorsements });
    return;
  }
  if (first.chunkHash === chunkHash || entry.accused.has(signer)) return;
  changeShard(draft, parentBlockHash, shard, { accused: new Set(entry.accused).add(signer) });
  emit(draft, {
    kind: 'evidence',
    evidence: { kind: 'doubleEndorse', culprit: signer, first, second: endorsement },
  });
}

function holdForLater(draft: Draft, parentHash: Hash, message: EarlyMessage): void {
  const { config, early, finalizedHeight } = draft.state;
  change(draft, { early: holdEarly(early, parentHash, message, finalizedHeight, config.shardCount) });
}
