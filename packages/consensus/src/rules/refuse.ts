import type { Proposal, ValidatorIndex } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';
import { blockPeer } from './blocking.ts';
import { tryNullify } from './nullify.ts';

/** [S4] A proposal that no honest leader makes: remember it as the leader's first, and skip the view at once. */
export function refuseProposal(t: Transition, from: ValidatorIndex, proposal: Proposal, reason: string): void {
  const { view } = proposal.tuple;
  blockPeer(t, from, reason); // [C4]
  if (view > t.state.currentView && t.state.views.has(view)) t.updateView(view, { proposal: null }); // it may never come
  if (view !== t.state.currentView) return;
  t.updateView(view, { proposal: { proposal, status: 'invalid' } });
  tryNullify(t, view);
}
