import { type Hash, type ShardId, signersOf } from '@heddle/types';
import type { Candidate, ChunkProtocolState, ChunkSigningRequest, ShardRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';
import { quorumOfEqual } from './endorsements.ts';
import { producerOf } from './producers.ts';
import { answerIfComplete } from './wish.ts';

/** Asks for everything that is due for one parent and has not been asked for. */
export function driveParent(t: ChunkTransition, parentHash: Hash): void {
  for (let shard = 0; shard < t.state.config.shardCount; shard++) driveShard(t, parentHash, shard);
  answerIfComplete(t, parentHash);
}

/**
 * The same for one shard. Each part does nothing the second time. Parents that no view needs now rest: their chunks wait,
 * and go on if a view returns to them.
 */
export function driveShard(t: ChunkTransition, parentHash: Hash, shard: ShardId): void {
  if (!isActive(t.state, parentHash)) return;
  for (const advance of [build, validate, endorse, sendEndorsement, aggregate, fetchCertified]) {
    const record = t.shard(parentHash, shard);
    if (record === null) return;
    advance(t, parentHash, record);
  }
  answerIfComplete(t, parentHash);
}

/** Asks for a signature. The caller has marked the intention, or does so in the same step. */
export function requestSignature(t: ChunkTransition, request: ChunkSigningRequest): void {
  t.emit({ kind: 'sign', requestId: t.open({ kind: 'sign', request }), request });
}

function isActive(state: ChunkProtocolState, parentHash: Hash): boolean {
  return state.current?.parentHash === parentHash || state.wish?.parentHash === parentHash;
}

/** [producer] Builds when there is work, and when a leader's engine wants a block even so (a heartbeat). */
function build(t: ChunkTransition, parentHash: Hash, { shard, ownChunk }: ShardRecord): void {
  const { config, workPending, wish, parents } = t.state;
  const parent = parents.get(parentHash);
  if (parent === undefined || ownChunk.status !== 'none') return;
  const isWanted = workPending || (wish !== null && wish.parentHash === parentHash && !wish.answered);
  if (!isWanted || producerOf(config.producers, shard, parent.height) !== config.validatorIndex) return;
  t.updateShard(parentHash, shard, { ownChunk: { status: 'building' } });
  t.emit({ kind: 'buildChunk', shard, parentHash, height: parent.height });
}

/**
 * [endorse] [time] One validation at a time; a second chunk only if the first turned out bad, or if a quorum chose it. Who
 * waits for its time occupies nobody's place.
 */
function validate(t: ChunkTransition, _parentHash: Hash, record: ShardRecord): void {
  const candidates = [...record.candidates.values()];
  if (candidates.some((candidate) => candidate.status === 'validating')) return;
  const certified = chosenByQuorum(record);
  const next = certified ?? nextToValidate(record, candidates);
  if (next === undefined) return;
  t.updateCandidate({ ...next, status: 'validating' });
  t.emit({ kind: 'validateChunk', announcement: next.announcement, judgeTime: certified === undefined });
}

/** The certified chunk, if it is here unjudged. Only who endorses a chunk judges its time: a quorum stands for it. */
function chosenByQuorum({ certificate, candidates }: ShardRecord): Candidate | undefined {
  const certified = certificate === null ? undefined : candidates.get(certificate.chunkHash);
  return certified?.status === 'waiting' || certified?.status === 'early' ? certified : undefined;
}

function nextToValidate(record: ShardRecord, candidates: readonly Candidate[]): Candidate | undefined {
  if (record.ownEndorsement !== null || candidates.some((candidate) => candidate.status === 'valid')) return undefined;
  return candidates.find((candidate) => candidate.status === 'waiting');
}

/** [endorse] At most once for a shard and parent: the first chunk that was validly signed and executed. */
function endorse(t: ChunkTransition, parentHash: Hash, record: ShardRecord): void {
  if (record.ownEndorsement !== null) return;
  const candidate = [...record.candidates.values()].find(({ status }) => status === 'valid');
  if (candidate === undefined) return;
  const { chunkHash, header } = candidate.announcement;
  const { shard, height } = header;
  t.updateShard(parentHash, shard, { ownEndorsement: { status: 'signing', chunkHash } });
  requestSignature(t, { kind: 'endorse', shard, parentBlockHash: parentHash, chunkHash, height });
}

/** [leader] Each new leader on the same parent gets it again: the last one may have kept it to itself. */
function sendEndorsement(t: ChunkTransition, parentHash: Hash, { shard, ownEndorsement: own }: ShardRecord): void {
  const { config, current } = t.state;
  if (own?.status !== 'signed' || current?.parentHash !== parentHash) return;
  if (current.leader === config.validatorIndex || own.sentInView >= current.view) return;
  t.updateShard(parentHash, shard, { ownEndorsement: { ...own, sentInView: current.view } });
  t.emit({ kind: 'sendEndorsement', to: current.leader, endorsement: own.endorsement });
}

/** [quorum] Lazily: nothing is verified before one chunk has a quorum, and then all at once. Only a leader needs it. */
function aggregate(t: ChunkTransition, parentHash: Hash, record: ShardRecord): void {
  const { config, current, wish } = t.state;
  const isLeading = current?.parentHash === parentHash && current.leader === config.validatorIndex;
  if (!isLeading && wish?.parentHash !== parentHash) return;
  if (record.certificate !== null || record.aggregating) return;
  const endorsements = quorumOfEqual(record, config.validatorCount);
  if (endorsements.length === 0) return;
  const { shard } = record;
  t.updateShard(parentHash, shard, { aggregating: true });
  t.emit({
    kind: 'aggregate',
    requestId: t.open({ kind: 'aggregate', shard, parentBlockHash: parentHash }),
    endorsements,
  });
}

/** [fetch] A quorum has a chunk that is not here: its holders are known by their signatures. */
function fetchCertified(t: ChunkTransition, parentHash: Hash, record: ShardRecord): void {
  const { certificate, candidates, fetchRequested, shard } = record;
  if (certificate === null || fetchRequested) return;
  const known = candidates.get(certificate.chunkHash);
  if (known !== undefined && known.status !== 'gone') return;
  const { config } = t.state;
  const holders = signersOf(certificate.bitmap, config.validatorCount).filter(
    (index) => index !== config.validatorIndex,
  );
  t.updateShard(parentHash, shard, { fetchRequested: true });
  t.emit({ kind: 'fetchChunk', shard, parentHash, chunkHash: certificate.chunkHash, holders });
}
