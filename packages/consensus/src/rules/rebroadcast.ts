import type { Certificate, Status, ValidatorIndex, Vote } from '@heddle/types';
import type { ConsensusMessage } from '../effect.ts';
import { certificatesOf, type EngineState, signedVotes, viewRecord } from '../engine/state.ts';
import { viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { MAX_FINALIZE_REBROADCASTS } from '../limits.ts';
import { isLeader } from './propose.ts';
import { tally } from './votes.ts';

/** [R2] Says again everything that the others may have missed and need to move on. */
export function rebroadcast(t: EngineTransition): void {
  const { state } = t;
  for (const certificate of entryCertificates(state)) broadcast(t, { kind: 'certificate', certificate });
  const { proposal: first } = viewRecord(state, state.currentView);
  if (isLeader(state) && first?.status === 'valid') broadcast(t, { kind: 'proposal', proposal: first.proposal });
  for (const vote of openVotes(state)) {
    broadcast(t, { kind: 'vote', vote });
    tally(t, vote);
  }
}

/** [R5] What this node tells others of where it stands: on start, and by the driver to each peer that connects. */
export function statusOf({ config, currentView, finalization }: EngineState): Status {
  return { epoch: config.epoch, currentView, bestFinalization: finalization };
}

/** What proves that the current view was entered rightly. */
export function entryCertificates({ views, currentView }: EngineState): readonly Certificate[] {
  const record = views.get(currentView - 1n);
  return record === undefined ? [] : certificatesOf(record);
}

/**
 * [R3] Sends a validator that is behind what brings it here: the best finalization, what opened the current view,
 * and what settles the view it is at.
 */
export function helpLaggard(t: EngineTransition, to: ValidatorIndex, itsView: bigint): void {
  const { state } = t;
  const useful = new Set<Certificate>(entryCertificates(state));
  if (state.finalization !== null && state.finalizedView >= itsView) useful.add(state.finalization);
  if (itsView > state.finalizedView) for (const held of certificatesOf(viewRecord(state, itsView))) useful.add(held);
  for (const certificate of useful) t.emit({ kind: 'send', to, message: { kind: 'certificate', certificate } });
}

/** Own votes that still matter: all of the current view, and finalize votes of views not final yet. */
function openVotes(state: EngineState): readonly Vote[] {
  const { currentView, finalizedView } = state;
  const own = [...state.views.values()].flatMap(signedVotes).filter((vote) => viewOf(vote) > finalizedView);
  const finalizes = own.filter((vote) => vote.kind === 'finalize' && viewOf(vote) !== currentView);
  finalizes.sort((a, b) => (viewOf(a) > viewOf(b) ? -1 : 1));
  return [...own.filter((vote) => viewOf(vote) === currentView), ...finalizes.slice(0, MAX_FINALIZE_REBROADCASTS)];
}

function broadcast(t: EngineTransition, message: ConsensusMessage): void {
  t.emit({ kind: 'broadcast', message });
}
