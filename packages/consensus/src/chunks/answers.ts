import { assert } from '@heddle/primitives';
import type { ChunkHeader, EndorsementCertificate, Hash, ShardId, ValidatorIndex } from '@heddle/types';
import {
  blame,
  changeCandidate,
  changeShard,
  closeRequest,
  type Draft,
  emit,
  openRequest,
  shardRound,
  withoutKeys,
} from './draft.ts';
import { driveShard } from './drive.ts';
import { recordEndorsement } from './receive.ts';
import type { Candidate, CandidateStatus, ChunkProtocolState, PendingRequest } from './state.ts';
import type { ChunkVerdict } from './types.ts';

/** This node's own chunk stands; it is signed before anyone hears of it. */
export function onBuilt(draft: Draft, parentHash: Hash, header: ChunkHeader, chunkHash: Hash): void {
  const { shard, height } = header;
  const entry = shardRound(draft.state, parentHash, shard);
  // Finalized meanwhile: nobody needs it any more.
  if (entry === null || entry.production.stage !== 'building') return;
  assert(header.parentBlockHash === parentHash, 'a built chunk names the parent it was asked for');
  assert(header.producer === draft.state.config.validatorIndex, 'a built chunk names its producer');
  changeShard(draft, parentHash, shard, { production: { stage: 'signing', header, chunkHash } });
  const requestId = openRequest(draft, { kind: 'produce', parentHash, shard, chunkHash });
  const request = { kind: 'produce', shard, parentBlockHash: parentHash, chunkHash, height } as const;
  emit(draft, { kind: 'sign', requestId, request });
}

/** Not tried again: the next height has another producer. */
export function onBuildFailed(draft: Draft, parentHash: Hash, shard: ShardId): void {
  if (shardRound(draft.state, parentHash, shard) === null) return;
  changeShard(draft, parentHash, shard, { production: { stage: 'over' } });
}

export function onValidated(draft: Draft, chunkHash: Hash, verdict: ChunkVerdict): void {
  const found = findCandidate(draft.state, chunkHash, 'validating');
  if (found === null) return;
  const { header } = found.announcement;
  changeCandidate(draft, header.parentBlockHash, header.shard, { ...found, status: verdict });
  if (verdict === 'invalid') blame(draft, header.producer, 'chunk: invalid');
  driveShard(draft, header.parentBlockHash, header.shard);
}

export function onTimely(draft: Draft, chunkHash: Hash): void {
  const found = findCandidate(draft.state, chunkHash, 'early');
  if (found === null) return;
  const { header } = found.announcement;
  changeCandidate(draft, header.parentBlockHash, header.shard, { ...found, status: 'waiting' });
  driveShard(draft, header.parentBlockHash, header.shard);
}

function findCandidate({ rounds }: ChunkProtocolState, chunkHash: Hash, status: CandidateStatus): Candidate | null {
  for (const round of rounds.values()) {
    for (const { candidates } of round.shards) {
      const candidate = candidates.get(chunkHash);
      if (candidate?.status === status) return candidate;
    }
  }
  return null;
}

export function onSigned(draft: Draft, requestId: number, signature: Uint8Array): void {
  const request = closeRequest(draft, requestId);
  if (request === null) return;
  if (request.kind === 'produce') onChunkSigned(draft, request, signature);
  else onEndorsementSigned(draft, request, signature);
  driveShard(draft, request.parentHash, request.shard);
}

/** From here on the own chunk is a candidate like any other, already validated. */
function onChunkSigned(draft: Draft, request: PendingRequest, signature: Uint8Array): void {
  const { parentHash, shard, chunkHash } = request;
  const production = shardRound(draft.state, parentHash, shard)?.production;
  assert(production?.stage === 'signing', 'a chunk is being signed');
  const announcement = { header: production.header, chunkHash, signature };
  changeShard(draft, parentHash, shard, { production: { stage: 'over' } });
  changeCandidate(draft, parentHash, shard, { announcement, status: 'valid' });
  emit(draft, { kind: 'broadcastChunk', chunkHash, signature });
}

/** The own endorsement goes through the same aggregator as everyone's. */
function onEndorsementSigned(draft: Draft, request: PendingRequest, signature: Uint8Array): void {
  const { parentHash, shard, chunkHash } = request;
  const signer = draft.state.config.validatorIndex;
  const endorsement = { shard, parentBlockHash: parentHash, chunkHash, signer, signature };
  changeShard(draft, parentHash, shard, { own: { stage: 'signed', endorsement, sentInView: 0n } });
  recordEndorsement(draft, endorsement);
}

/**
 * The signer's record forbids it: before a restart this node signed another chunk for this place. If that chunk turns
 * up, the identical request will be granted; so the next candidate gets its chance.
 */
export function onSignRefused(draft: Draft, requestId: number): void {
  const request = closeRequest(draft, requestId);
  if (request === null) return;
  const { kind, parentHash, shard, chunkHash } = request;
  if (kind === 'produce') {
    changeShard(draft, parentHash, shard, { production: { stage: 'over' } });
  } else {
    const candidate = shardRound(draft.state, parentHash, shard)?.candidates.get(chunkHash);
    assert(candidate !== undefined, 'only a known chunk is endorsed');
    changeShard(draft, parentHash, shard, { own: { stage: 'none' } });
    changeCandidate(draft, parentHash, shard, { ...candidate, status: 'refused' });
  }
  driveShard(draft, parentHash, shard);
}

type AggregationResult =
  | { readonly ok: true; readonly certificate: EndorsementCertificate }
  | { readonly ok: false; readonly badSigners: readonly ValidatorIndex[] };

export function onAggregated(draft: Draft, requestId: number, result: AggregationResult): void {
  const request = closeRequest(draft, requestId);
  if (request === null) return;
  const { parentHash, shard } = request;
  const entry = shardRound(draft.state, parentHash, shard);
  assert(entry !== null, 'requests are forgotten with their round');
  if (result.ok) {
    changeShard(draft, parentHash, shard, { aggregating: false, certificate: result.certificate });
  } else {
    assert(result.badSigners.length > 0, 'a failed aggregation names whose signature is bad');
    const badSigners = new Set([...entry.badSigners, ...result.badSigners]);
    const endorsements = withoutKeys(entry.endorsements, (signer) => badSigners.has(signer));
    changeShard(draft, parentHash, shard, { aggregating: false, badSigners, endorsements });
    for (const peer of result.badSigners) blame(draft, peer, 'endorsement: bad signature');
  }
  driveShard(draft, parentHash, shard);
}
