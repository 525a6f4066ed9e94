import { assert } from '@heddle/primitives';
import type { Block, Certificate, Hash, Proposal, ProposalTuple, TupleVote, ValidatorIndex, Vote } from '@heddle/types';
import type { Aggregation } from '../aggregation.ts';
import { viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { blockPeer, refuseProposal } from '../rules/blocking.ts';
import { acceptCertificate } from '../rules/certificates.ts';
import { accuseJustification } from '../rules/evidence.ts';
import { oldestView } from '../rules/finality.ts';
import { tryNotarize, tryNullify } from '../rules/own-votes.ts';
import { draftProposal, tryPropose } from '../rules/propose.ts';
import { collectVote, discardVotes } from '../rules/votes.ts';

/** [P3] The block that this leader asked for. Too late if the view has moved on. */
export function handleBlockBuilt(t: EngineTransition, view: bigint, block: Block, blockHash: Hash): void {
  if (view === t.state.currentView) draftProposal(t, block, blockHash);
}

/** [S4] A leader that can't build doesn't let the others wait. */
export function handleBuildFailed(t: EngineTransition, view: bigint): void {
  if (view === t.state.currentView && t.state.round.building !== null) tryNullify(t, view);
}

/** [N7] The block of the view's first proposal was executed and stored, or found invalid. */
export function handleBlockVerified(
  t: EngineTransition,
  view: bigint,
  blockHash: Hash,
  verdict: 'valid' | 'invalid',
): void {
  const { proposal: first } = t.view(view);
  if (first === null || first.status !== 'checking' || first.proposal.tuple.blockHash !== blockHash) return;
  t.updateView(view, { proposal: { ...first, status: verdict } });
  if (verdict === 'valid')
    tryNotarize(t); // [N]
  else tryNullify(t, view); // [S4]
}

/** [D2] A signature asked for: journal the vote, send it, count it. */
export function handleSigned(t: EngineTransition, requestId: number, signature: Uint8Array): void {
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

function signedProposal(t: EngineTransition, tuple: ProposalTuple, leaderSignature: Uint8Array): void {
  const { draft } = t.state.round;
  if (draft === null || draft.tuple !== tuple) return; // the view was left meanwhile
  t.setRound({ draft: { ...draft, leaderSignature } });
  tryPropose(t); // [P4]
}

function signedTupleVote(t: EngineTransition, vote: TupleVote): void {
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
function cast(t: EngineTransition, vote: Vote): void {
  if (viewOf(vote) < oldestView(t.state.finalizedView)) return; // [W1]
  t.record({ kind: 'ownVote', vote }); // [D1]
  t.emit({ kind: 'broadcast', message: { kind: 'vote', vote } });
  collectVote(t, vote);
}

/** [D5] The signer's own record forbids a vote: stay silent on it. A leader that can't propose skips its view. */
export function handleSignRefused(t: EngineTransition, requestId: number): void {
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

function refuse(t: EngineTransition, view: bigint, patch: Parameters<EngineTransition['updateView']>[1]): void {
  if (t.state.views.has(view)) t.updateView(view, patch);
}

/** The signatures of a certificate or a proposal are good, or not. */
export function handleVerified(t: EngineTransition, requestId: number, valid: boolean): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'verifyCertificate' || pending.kind === 'verifyProposal', `request ${requestId} verifies`);
  if (pending.kind === 'verifyProposal') {
    if (valid) {
      acceptProposal(t, pending.from, pending.proposal);
      return;
    }
    refuseProposal(t, pending.from, pending.proposal, 'proposal: bad signature');
    return;
  }
  if (valid) {
    acceptCertificate(t, pending.certificate, 'received'); // [C3]
    return;
  }
  blockPeer(t, pending.from, 'certificate: bad signature'); // [C4]
}

/** [E5] The leader signed well what its justification does not prove. */
export function handleBadJustification(t: EngineTransition, requestId: number): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'verifyProposal', `request ${requestId} was not for a proposal`);
  accuseJustification(t, pending.proposal);
  refuseProposal(t, pending.from, pending.proposal, 'proposal: bad justification');
}

/** A proposal brings its certificates with it: they may open its view. Then its block is executed. */
function acceptProposal(t: EngineTransition, from: ValidatorIndex, proposal: Proposal): void {
  const { tuple, block, parentCertificate, skipCertificates, leaderNotarize } = proposal;
  const { view } = tuple;
  if (parentCertificate !== null) acceptCertificate(t, parentCertificate, 'received');
  for (const skip of skipCertificates) acceptCertificate(t, skip, 'received');
  const { proposal: first } = t.view(view);
  if (first === null || first.proposal !== proposal) return; // its view fell out of the window
  if (view === t.state.currentView) {
    t.updateView(view, { proposal: { proposal, status: 'checking' } });
    t.record({ kind: 'firstProposal', proposal }); // [D1]
    t.emit({ kind: 'verifyBlock', view, from, tuple, block });
  }
  collectVote(t, leaderNotarize);
}

/** [C1] [C2] A quorum's signatures became a certificate, or some of them are bad. */
export function handleAggregated(t: EngineTransition, requestId: number, result: Aggregation<Certificate>): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'aggregate', `request ${requestId} was not to aggregate`);
  const [subject] = pending.votes;
  assert(subject !== undefined, 'a quorum is at least one vote');
  const view = viewOf(subject);
  if (view < oldestView(t.state.finalizedView)) return; // [W1]
  const aggregating = new Set(t.view(view).aggregating);
  aggregating.delete(subject.kind);
  t.updateView(view, { aggregating });
  if (result.ok) {
    acceptCertificate(t, result.certificate, 'assembled'); // [C3]
    return;
  }
  for (const peer of result.badSigners) blockPeer(t, peer, `vote: bad signature in view ${view}`); // [C4]
  discardVotes(t, subject, result.badSigners); // [C2]
}
