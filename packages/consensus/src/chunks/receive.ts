import type { Hash, ValidatorIndex } from '@heddle/types';
import { change, changeCandidate, changeShard, type Draft, emit, shardRound, withEntry } from './draft.ts';
import { driveShard } from './drive.ts';
import { type EarlyMessage, holdEarly } from './early-buffer.ts';
import { MAX_CANDIDATES_PER_SENDER } from './limits.ts';
import { type Candidate, type ChunkCopy, isLocallyValid, producerOf, type ShardRound } from './state.ts';
import type { ChunkAnnouncement, Endorsement } from './types.ts';

/** A chunk from the wire. No signature is believed here: validation checks the producer's. */
export function onChunk(draft: Draft, from: ValidatorIndex, announcement: ChunkAnnouncement): void {
  const { config, finalizedHeight, rounds } = draft.state;
  const { header, chunkHash } = announcement;
  const parentHash = header.parentBlockHash;
  if (header.shard < 0 || header.shard >= config.shardCount || header.height <= finalizedHeight) return;
  if (header.producer !== producerOf(header.shard, header.height, config.validatorCount)) return;
  const round = rounds.get(parentHash);
  if (round === undefined) {
    holdForLater(draft, parentHash, { kind: 'chunk', from, announcement });
    return;
  }
  const entry = round.shards[header.shard];
  if (entry === undefined || header.height !== round.height || !hasRoomFor(entry, from, chunkHash)) return;
  const known = entry.candidates.get(chunkHash);
  if (known === undefined) reportSecondChunk(draft, entry, announcement);
  const candidate = known === undefined ? firstCopy({ announcement, from }) : withCopy(known, { announcement, from });
  changeCandidate(draft, parentHash, header.shard, candidate);
  driveShard(draft, parentHash, header.shard);
}

function firstCopy(copy: ChunkCopy): Candidate {
  return { ...copy, status: 'waiting', spares: [], senders: new Set([copy.from]) };
}

/** One copy a sender; none is needed any more once one is valid. */
function withCopy(known: Candidate, copy: ChunkCopy): Candidate {
  if (known.senders.has(copy.from) || isLocallyValid(known)) return known;
  const senders = new Set(known.senders).add(copy.from);
  if (known.status === 'invalid') return { ...copy, status: 'waiting', spares: [], senders };
  return { ...known, spares: [...known.spares, copy], senders };
}

/** What a quorum has certified always finds room, whoever sends it. */
function hasRoomFor(entry: ShardRound, from: ValidatorIndex, chunkHash: Hash): boolean {
  if (entry.certificate?.chunkHash === chunkHash) return true;
  const held = [...entry.candidates.values()].filter((candidate) => candidate.senders.has(from)).length;
  return held < MAX_CANDIDATES_PER_SENDER;
}

function reportSecondChunk(draft: Draft, entry: ShardRound, second: ChunkAnnouncement): void {
  const culprit = second.header.producer;
  if (culprit === draft.state.config.validatorIndex) return;
  const known = [...entry.candidates.values()];
  // An invalid chunk may be a forgery that the producer never signed: it is no proof if there is a better one.
  const first = known.find((candidate) => candidate.status !== 'invalid') ?? known[0];
  if (first === undefined) return;
  emit(draft, {
    kind: 'evidence',
    evidence: { kind: 'doubleProduce', culprit, first: first.announcement, second },
  });
}

/** An endorsement from the wire. It counts only from its signer itself: nobody can fill another's place. */
export function onEndorsement(draft: Draft, from: ValidatorIndex, endorsement: Endorsement): void {
  const { config, rounds } = draft.state;
  const { shard, parentBlockHash, signer } = endorsement;
  if (signer !== from || signer < 0 || signer >= config.validatorCount) return;
  if (shard < 0 || shard >= config.shardCount) return;
  if (!rounds.has(parentBlockHash)) {
    holdForLater(draft, parentBlockHash, { kind: 'endorsement', from, endorsement });
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
