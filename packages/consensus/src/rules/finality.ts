import type { TupleCertificate } from '@heddle/types';
import type { JournalRecord } from '../effect.ts';
import { certificatesOf, signedVotes, type ViewRecord } from '../engine/state.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { FLOOR_INTERVAL_VIEWS, VOTE_WINDOW_BELOW_FINALIZED } from '../limits.ts';

/** [F5] A stored finalization above all others: everything up to its block is final. */
export function raiseFinalized(t: EngineTransition, certificate: TupleCertificate): void {
  const { view } = certificate.tuple;
  if (view <= t.state.finalizedView) return;
  t.set({ finalizedView: view, finalization: certificate });
  reportFinalized(t);
  dropOldViews(t);
  if (view >= t.state.floorView + FLOOR_INTERVAL_VIEWS) recordFloor(t, certificate);
}

/** Tells the driver of the highest finalization, once. */
export function reportFinalized(t: EngineTransition): void {
  const { finalizedView, finalization, reportedView } = t.state;
  if (finalization === null || finalizedView <= reportedView) return;
  t.set({ reportedView: finalizedView });
  t.emit({ kind: 'finalized', certificate: finalization });
}

/** [W1] Lower end of the window in which votes and records are kept. */
export function oldestView(finalizedView: bigint): bigint {
  return finalizedView - VOTE_WINDOW_BELOW_FINALIZED;
}

/** [W1] Forgets the views below the window. */
export function dropOldViews(t: EngineTransition): void {
  const oldest = oldestView(t.state.finalizedView);
  for (const view of [...t.state.views.keys()]) if (view < oldest) t.dropView(view);
}

/** [D4] A floor, and after it again every record above it: what stands before the floor may then be deleted. */
export function recordFloor(t: EngineTransition, certificate: TupleCertificate): void {
  const { view: floorView } = certificate.tuple;
  t.set({ floorView });
  t.record({ kind: 'floor', certificate });
  const live = [...t.state.views.values()].filter(({ view }) => view > floorView);
  for (const record of live.sort((a, b) => (a.view < b.view ? -1 : 1))) {
    for (const item of journaled(record)) t.record(item);
  }
}

function journaled(record: ViewRecord): readonly JournalRecord[] {
  const { proposal: first } = record;
  const proposals: JournalRecord[] =
    first !== null && (first.status === 'checking' || first.status === 'valid')
      ? [{ kind: 'firstProposal', proposal: first.proposal }]
      : [];
  const votes = signedVotes(record).map((vote): JournalRecord => ({ kind: 'ownVote', vote }));
  const certificates = certificatesOf(record).map(
    (certificate): JournalRecord => ({ kind: 'certificate', certificate }),
  );
  return [...proposals, ...votes, ...certificates];
}
