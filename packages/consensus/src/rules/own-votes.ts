import type { ProposalTuple, SigningRequest } from '@heddle/types';
import { leaderOf } from '../engine/leaders.ts';
import type { OwnTupleVote } from '../engine/state.ts';
import { sameTuple } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';

/**
 * [N] Votes to notarize the current view's proposal. That it is the leader's first one with a good justification
 * ([N2]–[N4]) was settled before its block was executed.
 */
export function tryNotarize(t: EngineTransition): void {
  const { currentView, finalizedView } = t.state;
  const { proposal: first, ownNotarize, ownNullify } = t.view(currentView); // [N1] current view only
  if (first === null || first.status !== 'valid') return; // [N7] valid and durable
  if (first.proposal.tuple.parentView < finalizedView) return; // [N5]
  if (ownNotarize !== null || ownNullify !== null) return; // [N6]
  t.updateView(currentView, { ownNotarize: signing(first.proposal.tuple) });
  requestSignature(t, { kind: 'notarize', tuple: first.proposal.tuple });
}

/** [S] Votes to skip `view`; nothing happens where the rules forbid it. */
export function tryNullify(t: EngineTransition, view: bigint): void {
  if (view !== t.state.currentView) return; // [S1] current view only
  const { ownNullify, ownFinalize } = t.view(view);
  if (ownFinalize !== null) return; // [S2] never after finalize
  if (ownNullify !== null) return; // once; [S3] after notarize it is allowed
  t.updateView(view, { ownNullify: { status: 'signing' } });
  requestSignature(t, { kind: 'nullify', epoch: t.state.config.epoch, view });
}

/** [S5] A leader that skips its own view won't propose in it: neither do we wait. */
export function followLeadersNullify(t: EngineTransition): void {
  const { currentView, config } = t.state;
  if (t.view(currentView).votes.nullify.has(leaderOf(config.leaders, currentView))) tryNullify(t, currentView);
}

/** [F] Votes to finalize what is notarized in `view`, current or older [F4]; nothing happens where the rules forbid it. */
export function tryFinalize(t: EngineTransition, view: bigint): void {
  const { notarization, ownNotarize, ownNullify, ownFinalize } = t.view(view);
  if (notarization === null || view <= t.state.finalizedView) return; // [F1]; final already: nothing to add
  if (ownNullify !== null || ownFinalize !== null) return; // [F2], and once
  if (ownNotarize !== null && !sameTuple(ownNotarize.tuple, notarization.tuple)) return; // [F3]
  t.updateView(view, { ownFinalize: signing(notarization.tuple) });
  requestSignature(t, { kind: 'finalize', tuple: notarization.tuple });
}

/** Asks for a signature. The caller has marked the intention, or does so in the same step. */
export function requestSignature(t: EngineTransition, request: SigningRequest): void {
  t.emit({ kind: 'sign', requestId: t.open({ kind: 'sign', request }), request });
}

/** The mark that stands in the state from the moment a vote's signature is asked for. */
export function signing(tuple: ProposalTuple): OwnTupleVote {
  return { status: 'signing', tuple };
}
