import { assert } from '@heddle/primitives';
import type { Hash } from '@heddle/types';
import type { ChunkInput } from '../input.ts';
import { MAX_PARENTS } from '../limits.ts';
import { pruneOrphans, takeOrphans } from '../orphans.ts';
import { driveParent } from '../rules/due.ts';
import { answerOrWaitOn, isWishFor, setWishDeadline } from '../rules/wish.ts';
import { emptyParent, type ParentRecord } from '../state.ts';
import type { ChunkTransition } from '../transition.ts';
import { handleChunk, handleEndorsement } from './messages.ts';

type ViewInput = Extract<ChunkInput, { readonly kind: 'view' }>;

/** A view begins, or the same view turns to another parent. Whatever was done for the parent stays done. */
export function handleView(t: ChunkTransition, input: ViewInput): void {
  const { view, leader, parentHash, height, missed } = input;
  const { config, current, wish } = t.state;
  assert(missed.length === config.shardCount, 'missed heights are given for every shard');
  const isOld =
    current !== null && (view < current.view || (view === current.view && parentHash === current.parentHash));
  if (isOld) return;
  t.set({ current: { view, leader, parentHash } });
  if (wish !== null && wish.view < view) t.set({ wish: null });
  if (height > t.state.finalizedHeight && !t.state.parents.has(parentHash)) {
    openParent(t, emptyParent(parentHash, height, missed));
  }
  driveParent(t, parentHash);
  setWishDeadline(t);
}

/** The parent is known from now on: what came before it is heard. */
function openParent(t: ChunkTransition, record: ParentRecord): void {
  const { messages, rest } = takeOrphans(t.state.orphans, record.parentHash);
  t.set({ orphans: rest });
  t.addParent(record);
  const known = [...t.state.parents.keys()];
  const oldest = new Set(known.slice(0, Math.max(0, known.length - MAX_PARENTS)));
  t.dropParents(({ parentHash }) => oldest.has(parentHash));
  for (const message of messages) {
    if (message.kind === 'chunk') handleChunk(t, message.announcement);
    else handleEndorsement(t, message.endorsement.signer, message.endorsement);
  }
}

/** Whether this node knows of work: then producers build. */
export function handleWork(t: ChunkTransition, pending: boolean): void {
  t.set({ workPending: pending });
  if (t.state.current !== null) driveParent(t, t.state.current.parentHash);
}

/** The engine wants a block. Once a view and parent: asking again changes nothing. */
export function handleProposalWanted(t: ChunkTransition, view: bigint, parentHash: Hash): void {
  const { current, wish } = t.state;
  if (current !== null && view < current.view) return;
  if (wish !== null && (view < wish.view || isWishFor(wish, view, parentHash))) return;
  t.set({ wish: { view, parentHash, waitMs: 0, heard: 0, answered: false } });
  driveParent(t, parentHash);
  setWishDeadline(t);
}

/** [deadline] One that belongs to an older wish counts for nothing. */
export function handleDeadline(t: ChunkTransition, view: bigint, parentHash: Hash): void {
  const { wish } = t.state;
  if (wish === null || wish.answered || !isWishFor(wish, view, parentHash)) return;
  answerOrWaitOn(t, wish);
}

/** Forgets everything at or below a final height. */
export function handleFinalized(t: ChunkTransition, height: bigint): void {
  if (height <= t.state.finalizedHeight) return;
  t.set({ finalizedHeight: height, orphans: pruneOrphans(t.state.orphans, height) });
  t.dropParents((record) => record.height <= height);
}
