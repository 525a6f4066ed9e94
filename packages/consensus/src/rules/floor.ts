import type { TupleCertificate } from '@heddle/types';
import type { JournalRecord } from '../effect.ts';
import { certificatesOf, signedVotes, type ViewRecord } from '../engine/state.ts';
import type { Transition } from '../engine/transition.ts';

/** [D4] A floor, and after it again every record above it: what stands before the floor may then be deleted. */
export function recordFloor(t: Transition, certificate: TupleCertificate): void {
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
