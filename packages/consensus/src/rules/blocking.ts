import type { Proposal, ValidatorIndex } from '@heddle/types';
import type { EngineTransition } from '../engine/transition.ts';
import { tryNullify } from './own-votes.ts';

/** [C4] Reads nothing more of a peer that sent something it can't have believed. Never blocks this node itself. */
export function blockPeer(t: EngineTransition, peer: ValidatorIndex, reason: string): void {
  const { blocked, config } = t.state;
  if (peer === config.validatorIndex || blocked.has(peer)) return;
  t.set({ blocked: new Set(blocked).add(peer) });
  t.emit({ kind: 'blockPeer', peer, reason });
}

/** [S4] A proposal that no honest leader makes: remember it as the leader's first, and skip the view at once. */
export function refuseProposal(t: EngineTransition, from: ValidatorIndex, proposal: Proposal, reason: string): void {
  const { view } = proposal.tuple;
  blockPeer(t, from, reason); // [C4]
  if (view > t.state.currentView && t.state.views.has(view)) t.updateView(view, { proposal: null }); // it may never come
  if (view !== t.state.currentView) return;
  t.updateView(view, { proposal: { proposal, status: 'invalid' } });
  tryNullify(t, view);
}
