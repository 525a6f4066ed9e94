import { assert } from '@heddle/primitives';
import type { Hash, ShardId, ValidatorIndex } from '@heddle/types';
import type { Candidate, ChunkProtocolState, PendingRequest, ShardRound } from './state.ts';
import type { ChunkEffect } from './types.ts';

/**
 * One step under way: the state so far and the effects so far. Only the draft changes; every state it holds is
 * replaced as a whole, so that the state the step began with stays as it was.
 */
export interface Draft {
  state: ChunkProtocolState;
  readonly effects: ChunkEffect[];
}

export function emit(draft: Draft, effect: ChunkEffect): void {
  draft.effects.push(effect);
}

/** A peer sent, or as a producer signed, what it can't have believed. Never this node itself. */
export function blame(draft: Draft, peer: ValidatorIndex, reason: string): void {
  if (peer !== draft.state.config.validatorIndex) emit(draft, { kind: 'blockPeer', peer, reason });
}

export function change(draft: Draft, changes: Partial<ChunkProtocolState>): void {
  draft.state = { ...draft.state, ...changes };
}

/** One shard's round; null if the parent is not known (or already forgotten) or there is no such shard. */
export function shardRound(state: ChunkProtocolState, parentHash: Hash, shard: ShardId): ShardRound | null {
  return state.rounds.get(parentHash)?.shards[shard] ?? null;
}

export function changeShard(draft: Draft, parentHash: Hash, shard: ShardId, changes: Partial<ShardRound>): void {
  const round = draft.state.rounds.get(parentHash);
  assert(round !== undefined, 'the round that changes is known');
  const shards = round.shards.map((entry) => (entry.shard === shard ? { ...entry, ...changes } : entry));
  change(draft, { rounds: withEntry(draft.state.rounds, parentHash, { ...round, shards }) });
}

export function changeCandidate(draft: Draft, parentHash: Hash, shard: ShardId, candidate: Candidate): void {
  const entry = shardRound(draft.state, parentHash, shard);
  assert(entry !== null, 'the round of the candidate is known');
  const candidates = withEntry(entry.candidates, candidate.announcement.chunkHash, candidate);
  changeShard(draft, parentHash, shard, { candidates });
}

/** Takes the next request id and remembers what its answer will be about. */
export function openRequest(draft: Draft, request: PendingRequest): number {
  const requestId = draft.state.nextRequestId;
  change(draft, { nextRequestId: requestId + 1, requests: withEntry(draft.state.requests, requestId, request) });
  return requestId;
}

/** Forgets a request and returns it; null if its round was forgotten before the answer came. */
export function closeRequest(draft: Draft, requestId: number): PendingRequest | null {
  const request = draft.state.requests.get(requestId) ?? null;
  if (request !== null) change(draft, { requests: withoutKeys(draft.state.requests, (key) => key === requestId) });
  return request;
}

/** A copy with one entry set; an entry that exists keeps its place. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** A copy without the entries for which `drop` is true. */
export function withoutKeys<K, V>(map: ReadonlyMap<K, V>, drop: (key: K, value: V) => boolean): ReadonlyMap<K, V> {
  return new Map([...map].filter(([key, value]) => !drop(key, value)));
}
