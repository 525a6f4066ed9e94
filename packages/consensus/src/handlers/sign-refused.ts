import { assert } from '@heddle/primitives';
import type { Transition } from '../engine/transition.ts';
import { tryNullify } from '../rules/nullify.ts';

/** [D5] The signer's own record forbids a vote: stay silent on it. A leader that can't propose skips its view. */
export function handleSignRefused(t: Transition, requestId: number): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'sign', `request ${requestId} was not for a signature`);
  const { request } = pending;
  if (request.kind === 'nullify') {
    refuse(t, request.view, { ownNullify: { status: 'refused' } });
    return;
  }
  assert(request.kind === 'propose' || request.kind === 'notarize' || request.kind === 'finalize', 'an engine vote');
  const { tuple } = request;
  if (request.kind === 'notarize') refuse(t, tuple.view, { ownNotarize: { status: 'refused', tuple } });
  if (request.kind === 'finalize') refuse(t, tuple.view, { ownFinalize: { status: 'refused', tuple } });
  const { draft } = t.state.round;
  if (draft === null || draft.tuple !== tuple) return;
  t.setRound({ draft: null });
  tryNullify(t, tuple.view); // [S4]
}

function refuse(t: Transition, view: bigint, patch: Parameters<Transition['updateView']>[1]): void {
  if (t.state.views.has(view)) t.updateView(view, patch);
}
