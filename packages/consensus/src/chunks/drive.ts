import type { Endorsement, EndorsementCertificate, Hash, ShardId } from '@heddle/types';
import { quorum, signersOf } from '@heddle/types';
import { change, changeCandidate, changeShard, type Draft, emit, openRequest, shardRound } from './draft.ts';
import { producerOf } from './producers.ts';
import {
  type Candidate,
  type ChunkProtocolState,
  isLocallyValid,
  type ProposalWish,
  type ShardRound,
} from './state.ts';

/** Asks for everything that is due for one parent and has not been asked for. */
export function driveRound(draft: Draft, parentHash: Hash): void {
  for (let shard = 0; shard < draft.state.config.shardCount; shard++) driveShard(draft, parentHash, shard);
  answerIfComplete(draft, parentHash);
}

/** The same for one shard. Parents that no view needs now rest: their chunks wait, and go on if a view returns to them. */
export function driveShard(draft: Draft, parentHash: Hash, shard: ShardId): void {
  if (!isActive(draft.state, parentHash)) return;
  for (const advance of [build, validate, endorse, sendEndorsement, aggregate, fetchCertified]) {
    const entry = shardRound(draft.state, parentHash, shard);
    if (entry === null) return;
    advance(draft, parentHash, entry);
  }
  answerIfComplete(draft, parentHash);
}

/** Whether `wish` is for this view and parent. */
export function hasWish(wish: ProposalWish, view: bigint, parentHash: Hash): boolean {
  return wish.view === view && wish.parentHash === parentHash;
}

/** Gives the leader what there is: a certificate for each chunk that is also valid here, null for the others. */
export function answerWish(draft: Draft, wish: ProposalWish): void {
  const { config, rounds } = draft.state;
  const shards = rounds.get(wish.parentHash)?.shards ?? [];
  const certificates = Array.from({ length: config.shardCount }, (_, shard) => usableCertificate(shards[shard]));
  change(draft, { wish: { ...wish, answered: true } });
  emit(draft, { kind: 'chunksReady', view: wish.view, parentHash: wish.parentHash, certificates });
}

function answerIfComplete(draft: Draft, parentHash: Hash): void {
  const { wish, rounds } = draft.state;
  if (wish === null || wish.answered || wish.parentHash !== parentHash) return;
  const shards = rounds.get(parentHash)?.shards ?? [];
  if (shards.length > 0 && shards.every((entry) => usableCertificate(entry) !== null)) answerWish(draft, wish);
}

/** A leader proposes only what it can notarize itself: certified, executed and durable here. */
export function usableCertificate(entry: ShardRound | undefined): EndorsementCertificate | null {
  if (entry === undefined || entry.certificate === null) return null;
  return isLocallyValid(entry.candidates.get(entry.certificate.chunkHash)) ? entry.certificate : null;
}

function isActive(state: ChunkProtocolState, parentHash: Hash): boolean {
  return state.current?.parentHash === parentHash || state.wish?.parentHash === parentHash;
}

/** Producers build when there is work, and a leader when its engine wants a block even so (a heartbeat). */
function build(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  const { config, workPending, wish, rounds } = draft.state;
  const round = rounds.get(parentHash);
  if (round === undefined || entry.production.stage !== 'idle') return;
  const isWanted = workPending || (wish !== null && wish.parentHash === parentHash && !wish.answered);
  if (!isWanted || producerOf(config.producers, entry.shard, round.height) !== config.validatorIndex) return;
  changeShard(draft, parentHash, entry.shard, { production: { stage: 'building' } });
  emit(draft, { kind: 'buildChunk', shard: entry.shard, parentHash, height: round.height });
}

/**
 * One validation at a time; a second chunk only if the first turned out bad, or if a quorum chose it. Who waits for its
 * time occupies nobody's place.
 */
function validate(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  const candidates = [...entry.candidates.values()];
  if (candidates.some((candidate) => candidate.status === 'validating')) return;
  const certified = chosenByQuorum(entry);
  const next = certified ?? nextToValidate(entry, candidates);
  if (next === undefined) return;
  changeCandidate(draft, parentHash, entry.shard, { ...next, status: 'validating' });
  emit(draft, { kind: 'validateChunk', announcement: next.announcement, judgeTime: certified === undefined });
}

/** The certified chunk, if it is here unjudged. Only who endorses a chunk judges its time: a quorum stands for it. */
function chosenByQuorum({ certificate, candidates }: ShardRound): Candidate | undefined {
  const certified = certificate === null ? undefined : candidates.get(certificate.chunkHash);
  return certified?.status === 'waiting' || certified?.status === 'early' ? certified : undefined;
}

function nextToValidate(entry: ShardRound, candidates: readonly Candidate[]): Candidate | undefined {
  if (entry.own.stage !== 'none' || candidates.some((candidate) => candidate.status === 'valid')) return undefined;
  return candidates.find((candidate) => candidate.status === 'waiting');
}

/** At most one endorsement for a shard and parent: of the first chunk that was validly signed and executed. */
function endorse(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  if (entry.own.stage !== 'none') return;
  const candidate = [...entry.candidates.values()].find(({ status }) => status === 'valid');
  if (candidate === undefined) return;
  const { chunkHash, header } = candidate.announcement;
  changeShard(draft, parentHash, entry.shard, { own: { stage: 'signing', chunkHash } });
  const requestId = openRequest(draft, { kind: 'endorse', parentHash, shard: entry.shard, chunkHash });
  const { shard, height } = header;
  emit(draft, {
    kind: 'sign',
    requestId,
    request: { kind: 'endorse', shard, parentBlockHash: parentHash, chunkHash, height },
  });
}

/** Each new leader on the same parent gets it again: the last one may have kept it to itself. */
function sendEndorsement(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  const { config, current } = draft.state;
  const { own } = entry;
  if (own.stage !== 'signed' || current?.parentHash !== parentHash) return;
  if (current.leader === config.validatorIndex || own.sentInView >= current.view) return;
  changeShard(draft, parentHash, entry.shard, { own: { ...own, sentInView: current.view } });
  emit(draft, { kind: 'sendEndorsement', to: current.leader, endorsement: own.endorsement });
}

/** Lazily: nothing is verified before one chunk has a quorum, and then all at once. Only a leader needs it. */
function aggregate(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  const { config, current, wish } = draft.state;
  const isLeading = current?.parentHash === parentHash && current.leader === config.validatorIndex;
  if (!isLeading && wish?.parentHash !== parentHash) return;
  if (entry.certificate !== null || entry.aggregating) return;
  const endorsements = quorumOfEqual(entry, quorum(config.validatorCount));
  const chunkHash = endorsements[0]?.chunkHash;
  if (chunkHash === undefined) return;
  changeShard(draft, parentHash, entry.shard, { aggregating: true });
  const requestId = openRequest(draft, { kind: 'aggregate', parentHash, shard: entry.shard, chunkHash });
  emit(draft, { kind: 'aggregate', requestId, endorsements });
}

/** All endorsements of the chunk that has a quorum, by signer; empty if none has. */
function quorumOfEqual(entry: ShardRound, needed: number): readonly Endorsement[] {
  if (entry.endorsements.size < needed) return [];
  const byChunk = new Map<Hash, Endorsement[]>();
  for (const endorsement of entry.endorsements.values()) {
    const equal = byChunk.get(endorsement.chunkHash) ?? [];
    equal.push(endorsement);
    byChunk.set(endorsement.chunkHash, equal);
  }
  // With q > n/2 at most one chunk has a quorum of first endorsements.
  const chosen = [...byChunk.values()].find((equal) => equal.length >= needed) ?? [];
  return chosen.toSorted((a, b) => a.signer - b.signer);
}

/** A quorum has a chunk that is not here: its holders are known by their signatures. */
function fetchCertified(draft: Draft, parentHash: Hash, entry: ShardRound): void {
  const { certificate, candidates, fetchRequested, shard } = entry;
  if (certificate === null || fetchRequested) return;
  const known = candidates.get(certificate.chunkHash);
  if (known !== undefined && known.status !== 'gone') return;
  const { config } = draft.state;
  const holders = signersOf(certificate.bitmap, config.validatorCount).filter(
    (index) => index !== config.validatorIndex,
  );
  changeShard(draft, parentHash, shard, { fetchRequested: true });
  emit(draft, { kind: 'fetchChunk', shard, parentHash, chunkHash: certificate.chunkHash, holders });
}
