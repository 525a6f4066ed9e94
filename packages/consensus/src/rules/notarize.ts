import type { Transition } from '../engine/transition.ts';
import { requestSignature, signing } from './sign.ts';

/**
 * [N] Votes to notarize the current view's proposal. That it is the leader's first one with a good justification
 * ([N2]–[N4]) was settled before its block was executed.
 */
export function tryNotarize(t: Transition): void {
  const { currentView, finalizedView } = t.state;
  const { proposal: first, ownNotarize, ownNullify } = t.view(currentView); // [N1] current view only
  if (first === null || first.status !== 'valid') return; // [N7] valid and durable
  if (first.proposal.tuple.parentView < finalizedView) return; // [N5]
  if (ownNotarize !== null || ownNullify !== null) return; // [N6]
  t.updateView(currentView, { ownNotarize: signing(first.proposal.tuple) });
  requestSignature(t, { kind: 'notarize', tuple: first.proposal.tuple });
}
