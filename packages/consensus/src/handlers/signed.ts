import { assert } from '@heddle/primitives';
import type { ProposalTuple, TupleVote, Vote } from '@heddle/types';
import { viewOf } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import { oldestView } from '../rules/finalize.ts';
import { tryPropose } from '../rules/propose.ts';
import { collectVote } from '../rules/votes.ts';

/** [D2] A signature asked for: journal the vote, send it, count it. */
export function handleSigned(t: Transition, requestId: number, signature: Uint8Array): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'sign', `request ${requestId} was not for a signature`);
  const { request } = pending;
  switch (request.kind) {
    case 'propose':
      signedProposal(t, request.tuple, signature);
      return;
    case 'notarize':
    case 'finalize':
      signedTupleVote(t, {
        kind: request.kind,
        tuple: request.tuple,
        signer: t.state.config.validatorIndex,
        signature,
      });
      return;
    case 'nullify': {
      const { epoch, view } = request;
      const vote = { kind: request.kind, epoch, view, signer: t.state.config.validatorIndex, signature };
      if (t.state.views.has(view)) t.updateView(view, { ownNullify: { status: 'signed', vote } });
      cast(t, vote);
      return;
    }
    default:
      assert(false, `the engine never asks for a signature of kind ${request.kind}`);
  }
}

function signedProposal(t: Transition, tuple: ProposalTuple, leaderSignature: Uint8Array): void {
  const { draft } = t.state.round;
  if (draft === null || draft.tuple !== tuple) return; // the view was left meanwhile
  t.setRound({ draft: { ...draft, leaderSignature } });
  tryPropose(t); // [P4]
}

function signedTupleVote(t: Transition, vote: TupleVote): void {
  const { tuple } = vote;
  const { draft } = t.state.round;
  if (vote.kind === 'notarize' && draft !== null && draft.tuple === tuple) {
    // Cast with the proposal that it travels in: until that is journaled, no retry may send it.
    t.setRound({ draft: { ...draft, leaderNotarize: vote } });
    tryPropose(t); // [P4]
    return;
  }
  const own = { status: 'signed', tuple, vote } as const;
  if (t.state.views.has(tuple.view)) {
    t.updateView(tuple.view, vote.kind === 'notarize' ? { ownNotarize: own } : { ownFinalize: own });
  }
  cast(t, vote);
}

/** Sends an own vote. One of a view long final is of no use to anyone. */
function cast(t: Transition, vote: Vote): void {
  if (viewOf(vote) < oldestView(t.state.finalizedView)) return; // [W1]
  t.record({ kind: 'ownVote', vote }); // [D1]
  t.emit({ kind: 'broadcast', message: { kind: 'vote', vote } });
  collectVote(t, vote);
}
