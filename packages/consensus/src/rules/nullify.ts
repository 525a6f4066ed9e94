import { leaderOf } from '../engine/leaders.ts';
import type { Transition } from '../engine/transition.ts';
import { requestSignature } from './sign.ts';

/** [S] Votes to skip `view`; nothing happens where the rules forbid it. */
export function tryNullify(t: Transition, view: bigint): void {
  if (view !== t.state.currentView) return; // [S1] current view only
  const { ownNullify, ownFinalize } = t.view(view);
  if (ownFinalize !== null) return; // [S2] never after finalize
  if (ownNullify !== null) return; // once; [S3] after notarize it is allowed
  t.updateView(view, { ownNullify: { status: 'signing' } });
  requestSignature(t, { kind: 'nullify', epoch: t.state.config.epoch, view });
}

/** [S5] A leader that skips its own view won't propose in it: neither do we wait. */
export function followLeadersNullify(t: Transition): void {
  const { currentView, config } = t.state;
  if (t.view(currentView).votes.nullify.has(leaderOf(config.leaders, currentView))) tryNullify(t, currentView);
}
