import type { TupleCertificate } from '@heddle/types';
import { sameTuple } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import { FLOOR_INTERVAL_VIEWS, VOTE_WINDOW_BELOW_FINALIZED } from '../limits.ts';
import { recordFloor } from './floor.ts';
import { requestSignature, signing } from './sign.ts';

/** [F] Votes to finalize what is notarized in `view`, current or older [F4]; nothing happens where the rules forbid it. */
export function tryFinalize(t: Transition, view: bigint): void {
  const { notarization, ownNotarize, ownNullify, ownFinalize } = t.view(view);
  if (notarization === null || view <= t.state.finalizedView) return; // [F1]; final already: nothing to add
  if (ownNullify !== null || ownFinalize !== null) return; // [F2], and once
  if (ownNotarize !== null && !sameTuple(ownNotarize.tuple, notarization.tuple)) return; // [F3]
  t.updateView(view, { ownFinalize: signing(notarization.tuple) });
  requestSignature(t, { kind: 'finalize', tuple: notarization.tuple });
}

/** [F5] A stored finalization above all others: everything up to its block is final. */
export function raiseFinalized(t: Transition, certificate: TupleCertificate): void {
  const { view } = certificate.tuple;
  if (view <= t.state.finalizedView) return;
  t.set({ finalizedView: view, finalization: certificate });
  reportFinalized(t);
  dropOldViews(t);
  if (view >= t.state.floorView + FLOOR_INTERVAL_VIEWS) recordFloor(t, certificate);
}

/** Tells the driver of the highest finalization, once. */
export function reportFinalized(t: Transition): void {
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
export function dropOldViews(t: Transition): void {
  const oldest = oldestView(t.state.finalizedView);
  for (const view of [...t.state.views.keys()]) if (view < oldest) t.dropView(view);
}
