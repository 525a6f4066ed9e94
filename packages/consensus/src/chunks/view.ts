import { assert } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import { proposalDeadlineMs } from './deadline.ts';
import { change, type Draft, emit, withEntry, withoutKeys } from './draft.ts';
import { answerWish, driveRound, hasWish, usableCertificate } from './drive.ts';
import { pruneEarly, takeEarly } from './early-buffer.ts';
import { CHUNK_DEADLINE_CAP_MS, GRACE_SHARE, MAX_ROUNDS } from './limits.ts';
import { onChunk, onEndorsement } from './receive.ts';
import { emptyRound, type Round, type ShardRound } from './state.ts';
import type { ChunkInput } from './types.ts';

type ViewInput = Extract<ChunkInput, { readonly kind: 'view' }>;

/** A view begins, or the same view turns to another parent. Whatever was done for the parent stays done. */
export function onView(draft: Draft, input: ViewInput): void {
  const { view, leader, parentHash, height, missed } = input;
  const { config, current, wish } = draft.state;
  assert(missed.length === config.shardCount, 'missed heights are given for every shard');
  const isOld =
    current !== null && (view < current.view || (view === current.view && parentHash === current.parentHash));
  if (isOld) return;
  change(draft, { current: { view, leader, parentHash } });
  if (wish !== null && wish.view < view) change(draft, { wish: null });
  if (height > draft.state.finalizedHeight && !draft.state.rounds.has(parentHash)) {
    openRound(draft, emptyRound(parentHash, height, missed));
  }
  driveRound(draft, parentHash);
  setWishDeadline(draft);
}

/** The parent is known from now on: what came for it too early is heard. */
function openRound(draft: Draft, round: Round): void {
  const { messages, rest } = takeEarly(draft.state.early, round.parentHash);
  const rounds = withEntry(draft.state.rounds, round.parentHash, round);
  const excess = rounds.size - MAX_ROUNDS;
  const oldest = new Set([...rounds.keys()].slice(0, Math.max(0, excess)));
  change(draft, { early: rest, rounds: withoutKeys(rounds, (parentHash) => oldest.has(parentHash)) });
  forgetOrphanedRequests(draft);
  for (const message of messages) {
    if (message.kind === 'chunk') onChunk(draft, message.announcement);
    else onEndorsement(draft, message.endorsement.signer, message.endorsement);
  }
}

export function onWork(draft: Draft, pending: boolean): void {
  change(draft, { workPending: pending });
  if (draft.state.current !== null) driveRound(draft, draft.state.current.parentHash);
}

/** The engine wants a block. Once a view and parent: asking again changes nothing. */
export function onProposalWanted(draft: Draft, view: bigint, parentHash: Hash): void {
  const { current, wish } = draft.state;
  if (current !== null && view < current.view) return;
  if (wish !== null && (view < wish.view || hasWish(wish, view, parentHash))) return;
  change(draft, { wish: { view, parentHash, waitMs: 0, heard: 0, answered: false } });
  driveRound(draft, parentHash);
  setWishDeadline(draft);
}

/**
 * Sets the deadline of a wish that could not be met at once. While the view (and so the parent) has not been reached
 * here, no time runs: the block could not be made anyway.
 */
function setWishDeadline(draft: Draft): void {
  const { config, current, wish, rounds } = draft.state;
  if (wish === null || wish.answered || wish.waitMs > 0) return;
  const round = rounds.get(wish.parentHash);
  const isViewReached = current !== null && current.view >= wish.view;
  if (round === undefined && !isViewReached) return;
  const delayMs = proposalDeadlineMs(config.chunkDeadlineMs, round?.missed ?? []);
  change(draft, { wish: { ...wish, waitMs: delayMs } });
  emit(draft, { kind: 'setDeadline', view: wish.view, parentHash: wish.parentHash, delayMs });
}

/**
 * The leader has waited long enough for who may be down: it proposes with what there is, if need be nothing. Not while a
 * missing chunk is under way: a block without it makes all work on it useless. Waiting on is bounded by the cap of the
 * deadlines, and by the view's own timers: when those end the view, the next leader finds the same chunks on the same
 * parent.
 */
export function onDeadline(draft: Draft, view: bigint, parentHash: Hash): void {
  const { wish, rounds } = draft.state;
  if (wish === null || wish.answered || !hasWish(wish, view, parentHash)) return;
  const missing = (rounds.get(parentHash)?.shards ?? []).filter((entry) => usableCertificate(entry) === null);
  const heard = missing.reduce((sum, { endorsements }) => sum + endorsements.size, 0);
  const isUnderWay = heard > wish.heard || missing.some(isAwaited);
  if (!isUnderWay || wish.waitMs >= CHUNK_DEADLINE_CAP_MS) return answerWish(draft, wish);
  const delayMs = wish.waitMs * GRACE_SHARE;
  change(draft, { wish: { ...wish, waitMs: wish.waitMs + delayMs, heard } });
  emit(draft, { kind: 'setDeadline', view, parentHash, delayMs });
}

/** A chunk that is being executed or endorsed here, or that a quorum has: it is certain to be there in a moment. */
function isAwaited({ candidates, certificate, own }: ShardRound): boolean {
  if (own.stage === 'signing') return true;
  return certificate !== null || [...candidates.values()].some(({ status }) => status === 'validating');
}

/** Forgets everything at or below a final height. */
export function onFinalized(draft: Draft, height: bigint): void {
  if (height <= draft.state.finalizedHeight) return;
  change(draft, {
    finalizedHeight: height,
    rounds: withoutKeys(draft.state.rounds, (_, round) => round.height <= height),
    early: pruneEarly(draft.state.early, height),
  });
  forgetOrphanedRequests(draft);
}

function forgetOrphanedRequests(draft: Draft): void {
  const { requests, rounds } = draft.state;
  change(draft, { requests: withoutKeys(requests, (_, request) => !rounds.has(request.parentHash)) });
}
