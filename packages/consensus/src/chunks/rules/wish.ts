import type { EndorsementCertificate, Hash } from '@heddle/types';
import { CHUNK_DEADLINE_CAP_MS, GRACE_SHARE } from '../limits.ts';
import type { Candidate, ProposalWish, ShardRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';
import { proposalDeadlineMs } from './deadline.ts';

/** Whether `wish` is for this view and parent. */
export function isWishFor(wish: ProposalWish, view: bigint, parentHash: Hash): boolean {
  return wish.view === view && wish.parentHash === parentHash;
}

/** Answers the leader's wish as soon as every shard has a chunk that it can propose. */
export function answerIfComplete(t: ChunkTransition, parentHash: Hash): void {
  const { wish, parents } = t.state;
  if (wish === null || wish.answered || wish.parentHash !== parentHash) return;
  const shards = parents.get(parentHash)?.shards ?? [];
  if (shards.length > 0 && shards.every((record) => usableCertificate(record) !== null)) answerWish(t, wish);
}

/** Gives the leader what there is: a certificate for each chunk that is also valid here, null for the others. */
function answerWish(t: ChunkTransition, wish: ProposalWish): void {
  const { config, parents } = t.state;
  const shards = parents.get(wish.parentHash)?.shards ?? [];
  const certificates = Array.from({ length: config.shardCount }, (_, shard) => usableCertificate(shards[shard]));
  t.set({ wish: { ...wish, answered: true } });
  t.emit({ kind: 'chunksReady', view: wish.view, parentHash: wish.parentHash, certificates });
}

/**
 * [deadline] Sets the deadline of a wish that could not be met at once. While the view (and so the parent) has not been
 * reached here, no time runs: the block could not be made anyway.
 */
export function setWishDeadline(t: ChunkTransition): void {
  const { config, current, wish, parents } = t.state;
  if (wish === null || wish.answered || wish.waitMs > 0) return;
  const parent = parents.get(wish.parentHash);
  const isViewReached = current !== null && current.view >= wish.view;
  if (parent === undefined && !isViewReached) return;
  const delayMs = proposalDeadlineMs(config.chunkDeadlineMs, parent?.missed ?? []);
  t.set({ wish: { ...wish, waitMs: delayMs } });
  t.emit({ kind: 'setDeadline', view: wish.view, parentHash: wish.parentHash, delayMs });
}

/**
 * [deadline] The leader has waited long enough for who may be down: it proposes with what there is, if need be nothing.
 * Not while a missing chunk is under way: a block without it makes all work on it useless. Waiting on is bounded by the
 * cap of the deadlines, and by the view's own timers: when those end the view, the next leader finds the same chunks on
 * the same parent.
 */
export function answerOrWaitOn(t: ChunkTransition, wish: ProposalWish): void {
  const { view, parentHash } = wish;
  const missing = (t.state.parents.get(parentHash)?.shards ?? []).filter(
    (record) => usableCertificate(record) === null,
  );
  const heard = missing.reduce((sum, { endorsements }) => sum + endorsements.size, 0);
  const isUnderWay = heard > wish.heard || missing.some(isAwaited);
  if (!isUnderWay || wish.waitMs >= CHUNK_DEADLINE_CAP_MS) {
    answerWish(t, wish);
    return;
  }
  const delayMs = wish.waitMs * GRACE_SHARE;
  t.set({ wish: { ...wish, waitMs: wish.waitMs + delayMs, heard } });
  t.emit({ kind: 'setDeadline', view, parentHash, delayMs });
}

/** A chunk that is being executed or endorsed here, or that a quorum has: it is certain to be there in a moment. */
function isAwaited({ candidates, certificate, ownEndorsement }: ShardRecord): boolean {
  if (ownEndorsement?.status === 'signing') return true;
  return certificate !== null || [...candidates.values()].some(({ status }) => status === 'validating');
}

/** [durable] A leader proposes only what it can notarize itself: certified, executed and durable here. */
function usableCertificate(record: ShardRecord | undefined): EndorsementCertificate | null {
  if (record === undefined || record.certificate === null) return null;
  return isLocallyValid(record.candidates.get(record.certificate.chunkHash)) ? record.certificate : null;
}

/** Executed and durable here, so that a block with it can be notarized. */
function isLocallyValid(candidate: Candidate | undefined): boolean {
  return candidate !== undefined && (candidate.status === 'valid' || candidate.status === 'refused');
}
