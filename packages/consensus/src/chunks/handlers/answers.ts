import { assert } from '@heddle/primitives';
import type { ChunkHeader, EndorsementCertificate, Hash, ShardId } from '@heddle/types';
import type { Aggregation } from '../../aggregation.ts';
import type { ChunkVerdict } from '../input.ts';
import { driveShard, requestSignature } from '../rules/due.ts';
import { collectEndorsement, discardEndorsements } from '../rules/endorsements.ts';
import { blockPeer } from '../rules/evidence.ts';
import type { Candidate, CandidateStatus, ChunkProtocolState, ChunkSigningRequest } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';

/** This node's own chunk stands; it is signed before anyone hears of it. */
export function handleBuilt(t: ChunkTransition, parentHash: Hash, header: ChunkHeader, chunkHash: Hash): void {
  const { shard, height } = header;
  // Finalized meanwhile: nobody needs it any more.
  if (t.shard(parentHash, shard)?.ownChunk.status !== 'building') return;
  assert(header.parentBlockHash === parentHash, 'a built chunk names the parent it was asked for');
  assert(header.producer === t.state.config.validatorIndex, 'a built chunk names its producer');
  t.updateShard(parentHash, shard, { ownChunk: { status: 'signing', header, chunkHash } });
  requestSignature(t, { kind: 'produce', shard, parentBlockHash: parentHash, chunkHash, height });
}

/** Not tried again: the next height has another producer. */
export function handleBuildFailed(t: ChunkTransition, parentHash: Hash, shard: ShardId): void {
  if (t.shard(parentHash, shard) !== null) t.updateShard(parentHash, shard, { ownChunk: { status: 'over' } });
}

/** [durable] [blame] A candidate was executed and stored, or judged otherwise. */
export function handleValidated(t: ChunkTransition, chunkHash: Hash, verdict: ChunkVerdict): void {
  const found = findCandidate(t.state, chunkHash, 'validating');
  if (found === null) return;
  const { header } = found.announcement;
  t.updateCandidate({ ...found, status: verdict });
  if (verdict === 'invalid') blockPeer(t, header.producer, 'chunk: invalid'); // [blame]
  driveShard(t, header.parentBlockHash, header.shard);
}

/** [time] A chunk that was ahead of this node's clock is not any more. */
export function handleTimely(t: ChunkTransition, chunkHash: Hash): void {
  const found = findCandidate(t.state, chunkHash, 'early');
  if (found === null) return;
  const { header } = found.announcement;
  t.updateCandidate({ ...found, status: 'waiting' });
  driveShard(t, header.parentBlockHash, header.shard);
}

function findCandidate({ parents }: ChunkProtocolState, chunkHash: Hash, status: CandidateStatus): Candidate | null {
  for (const { shards } of parents.values()) {
    for (const { candidates } of shards) {
      const candidate = candidates.get(chunkHash);
      if (candidate?.status === status) return candidate;
    }
  }
  return null;
}

/** A signature asked for: of the own chunk, or of an endorsement. */
export function handleSigned(t: ChunkTransition, requestId: number, signature: Uint8Array): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'sign', `request ${requestId} was not for a signature`);
  const { request } = pending;
  if (request.kind === 'produce') signedChunk(t, request, signature);
  else signedEndorsement(t, request, signature);
  driveShard(t, request.parentBlockHash, request.shard);
}

/** From here on the own chunk is a candidate like any other, already validated. */
function signedChunk(t: ChunkTransition, { parentBlockHash, shard }: ChunkSigningRequest, signature: Uint8Array): void {
  const own = t.shard(parentBlockHash, shard)?.ownChunk;
  assert(own?.status === 'signing', 'a chunk is being signed');
  const { header, chunkHash } = own;
  t.updateShard(parentBlockHash, shard, { ownChunk: { status: 'over' } });
  t.updateCandidate({ announcement: { header, chunkHash, signature }, status: 'valid' });
  t.emit({ kind: 'broadcastChunk', chunkHash, signature });
}

/** The own endorsement goes through the same aggregator as everyone's. */
function signedEndorsement(t: ChunkTransition, request: ChunkSigningRequest, signature: Uint8Array): void {
  const { parentBlockHash, shard, chunkHash } = request;
  const endorsement = { shard, parentBlockHash, chunkHash, signer: t.state.config.validatorIndex, signature };
  t.updateShard(parentBlockHash, shard, { ownEndorsement: { status: 'signed', endorsement, sentInView: 0n } });
  collectEndorsement(t, endorsement);
}

/**
 * The signer's record forbids it: before a restart this node signed another chunk for this place. If that chunk turns
 * up, the identical request will be granted; so the next candidate gets its chance.
 */
export function handleSignRefused(t: ChunkTransition, requestId: number): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'sign', `request ${requestId} was not for a signature`);
  const { kind, parentBlockHash, shard, chunkHash } = pending.request;
  if (kind === 'produce') {
    t.updateShard(parentBlockHash, shard, { ownChunk: { status: 'over' } });
  } else {
    const candidate = t.shard(parentBlockHash, shard)?.candidates.get(chunkHash);
    assert(candidate !== undefined, 'only a known chunk is endorsed');
    t.updateShard(parentBlockHash, shard, { ownEndorsement: null });
    t.updateCandidate({ ...candidate, status: 'refused' });
  }
  driveShard(t, parentBlockHash, shard);
}

/** [quorum] A quorum's signatures became a certificate, or some of them are bad. */
export function handleAggregated(
  t: ChunkTransition,
  requestId: number,
  result: Aggregation<EndorsementCertificate>,
): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'aggregate', `request ${requestId} was not to aggregate`);
  const { parentBlockHash, shard } = pending;
  t.updateShard(parentBlockHash, shard, { aggregating: false });
  if (result.ok) {
    t.updateShard(parentBlockHash, shard, { certificate: result.certificate });
  } else {
    discardEndorsements(t, parentBlockHash, shard, result.badSigners);
    for (const peer of result.badSigners) blockPeer(t, peer, 'endorsement: bad signature'); // [blame]
  }
  driveShard(t, parentBlockHash, shard);
}
