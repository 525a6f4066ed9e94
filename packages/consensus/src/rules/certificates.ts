import type { Certificate } from '@heddle/types';
import { bestParent } from '../engine/ancestry.ts';
import { hasQuorum } from '../engine/quorum.ts';
import { heldCertificate, type ViewRecord } from '../engine/state.ts';
import { epochOf, isPlausibleTuple, viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { MAX_UNFINALIZED_VIEWS } from '../limits.ts';
import { accuseSigners } from './evidence.ts';
import { oldestView, raiseFinalized } from './finality.ts';
import { tryFinalize } from './own-votes.ts';
import { advanceTo } from './views.ts';

/**
 * [C3] Takes in a certificate that is verified. `assembled` ones were made here from votes: nobody else may have
 * seen that quorum, so they are passed on.
 */
export function acceptCertificate(
  t: EngineTransition,
  certificate: Certificate,
  origin: 'assembled' | 'received',
): void {
  const view = viewOf(certificate);
  if (view < oldestView(t.state.finalizedView)) return; // [W1]
  accuseSigners(t, certificate); // [E6]
  if (view <= t.state.finalizedView || heldCertificate(t.view(view), certificate.kind) !== null) return; // [W2]
  t.updateView(view, held(certificate));
  t.record({ kind: 'certificate', certificate }); // [D1]
  if (origin === 'assembled') t.emit({ kind: 'broadcast', message: { kind: 'certificate', certificate } });
  if (certificate.kind === 'finalize') raiseFinalized(t, certificate); // [F5]
  if (certificate.kind === 'notarize') tryFinalize(t, view); // [F]
  advanceTo(t, view + 1n); // [V1]
  trimViews(t);
}

/** Whether a certificate has the form of one of this epoch; says nothing about its signature. */
export function isWellFormed(certificate: Certificate, epoch: bigint, validatorCount: number): boolean {
  if (epochOf(certificate) !== epoch || viewOf(certificate) < 1n) return false;
  if (certificate.kind !== 'nullify' && !isPlausibleTuple(certificate.tuple, epoch)) return false;
  return hasQuorum(certificate, validatorCount);
}

/** The part of a view's record that holds a certificate. */
export function held(certificate: Certificate): Partial<Omit<ViewRecord, 'view'>> {
  if (certificate.kind === 'nullify') return { nullification: certificate };
  if (certificate.kind === 'notarize') return { notarization: certificate };
  return { finalization: certificate };
}

/**
 * [W2] Bounds what is kept above the finalized view. Below the highest notarized view nothing is needed to make
 * progress; above it every nullification is.
 */
function trimViews(t: EngineTransition): void {
  const excess = t.state.views.size - MAX_UNFINALIZED_VIEWS;
  if (excess <= 0) return;
  const { parentView } = bestParent(t.state, t.state.currentView);
  const droppable = [...t.state.views.keys()].filter((view) => view < parentView && view !== t.state.finalizedView);
  droppable.sort((a, b) => (a < b ? -1 : 1));
  for (const view of droppable.slice(0, excess)) t.dropView(view);
}
