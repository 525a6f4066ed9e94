import type { Certificate, Proposal, Status, ValidatorIndex, Vote } from '@heddle/types';
import { leaderOf } from '../engine/leaders.ts';
import { certificatesOf, heldCertificate, type ViewRecord } from '../engine/state.ts';
import { epochOf, isPlausibleTuple, sameSubject, sameTuple, viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { conflicting } from '../evidence/conflicts.ts';
import {
  MAX_CERTIFICATE_CHECKS_PER_PEER,
  MAX_CHECKS_PER_CERTIFICATE,
  MAX_PROPOSAL_CHECKS_PER_PEER,
  VOTE_WINDOW_ABOVE_CURRENT,
} from '../limits.ts';
import { blockPeer, refuseProposal } from '../rules/blocking.ts';
import { isWellFormed } from '../rules/certificates.ts';
import { accuseJustification, accuseLeader } from '../rules/evidence.ts';
import { oldestView } from '../rules/finality.ts';
import { findFault } from '../rules/justification.ts';
import { helpLaggard } from '../rules/rebroadcast.ts';
import { collectVote } from '../rules/votes.ts';

/** [N2] A leader's proposal: the first of its view is checked, for the current view or one that it opens itself. */
export function handleProposal(t: EngineTransition, from: ValidatorIndex, proposal: Proposal): void {
  const { config, currentView, finalizedView } = t.state;
  const { view } = proposal.tuple;
  if (proposal.tuple.epoch !== config.epoch || view < 1n || view < oldestView(finalizedView)) return; // [W1]
  if (from !== leaderOf(config.leaders, view)) return; // [N2] first-hand from the leader only
  const { proposal: first } = t.view(view);
  if (first !== null) {
    if (!sameTuple(first.proposal.tuple, proposal.tuple)) accuseLeader(t, from, first.proposal, proposal); // [E1]
    return;
  }
  if (view < currentView || checksRunning(t, from) >= MAX_PROPOSAL_CHECKS_PER_PEER) return; // [N1]
  const fault = findFault(config, proposal); // [N2] [N3] [N4]
  if (fault === 'badJustification') accuseJustification(t, proposal); // [E5]
  if (fault !== null) {
    refuseProposal(t, from, proposal, `proposal: ${fault}`);
    return;
  }
  t.updateView(view, { proposal: { proposal, status: 'verifying' } });
  t.emit({ kind: 'verifyProposal', requestId: t.open({ kind: 'verifyProposal', from, proposal }), proposal });
}

function checksRunning(t: EngineTransition, from: ValidatorIndex): number {
  const requests = [...t.state.requests.values()];
  return requests.filter((request) => request.kind === 'verifyProposal' && request.from === from).length;
}

/** [W1] [W3] A vote from its signer. */
export function handleVote(t: EngineTransition, from: ValidatorIndex, vote: Vote): void {
  const { config, currentView, finalizedView } = t.state;
  const view = viewOf(vote);
  if (vote.signer !== from || epochOf(vote) !== config.epoch || view < 1n) return; // first-hand only: no one else can fill its slot
  if (vote.kind !== 'nullify' && !isPlausibleTuple(vote.tuple, config.epoch)) return;
  if (view > currentView + VOTE_WINDOW_ABOVE_CURRENT) return; // [W1]
  const stale = view < oldestView(finalizedView);
  const repeated = stale || t.view(view).votes[vote.kind].has(from);
  if (!stale) collectVote(t, vote);
  if (repeated && isSettled(t, vote)) helpLaggard(t, from, view); // [R3] it says so again: it lacks what we have
}

/** Whether this node has what the vote is meant to bring about. */
function isSettled(t: EngineTransition, vote: Vote): boolean {
  if (viewOf(vote) <= t.state.finalizedView) return true;
  return vote.kind !== 'finalize' && viewOf(vote) < t.state.currentView;
}

/** [C3] A certificate from anyone: verified before use, unless it says nothing new. */
export function handleCertificate(t: EngineTransition, from: ValidatorIndex, certificate: Certificate): void {
  const { config, finalizedView } = t.state;
  if (epochOf(certificate) !== config.epoch) return;
  if (!isNews(certificate, t.view(viewOf(certificate)), finalizedView)) return;
  if (!isWellFormed(certificate, config.epoch, config.validatorCount)) {
    blockPeer(t, from, 'certificate: malformed'); // [C4]
    return;
  }
  if (isBusy(t, from, certificate)) return;
  t.emit({
    kind: 'verifyCertificate',
    requestId: t.open({ kind: 'verifyCertificate', from, certificate }),
    certificate,
  });
}

/** [W2] Above the finalized view: what is not held. At or below it: only what would prove a fork [E6]. */
function isNews(certificate: Certificate, record: ViewRecord, finalizedView: bigint): boolean {
  const held = heldCertificate(record, certificate.kind);
  if (held !== null) return !sameSubject(held, certificate);
  return record.view > finalizedView || certificatesOf(record).some((other) => conflicting(other, certificate));
}

/** Whether enough is being verified already, for this peer or of this certificate. */
function isBusy(t: EngineTransition, from: ValidatorIndex, certificate: Certificate): boolean {
  let ofPeer = 0;
  let equal = 0;
  for (const request of t.state.requests.values()) {
    if (request.kind !== 'verifyCertificate') continue;
    if (request.from === from) ofPeer += 1;
    if (sameSubject(request.certificate, certificate)) equal += 1;
  }
  return ofPeer >= MAX_CERTIFICATE_CHECKS_PER_PEER || equal >= MAX_CHECKS_PER_CERTIFICATE;
}

/** [R4] Answers with what is held of the view, or with the finalization that makes it irrelevant. */
export function handleCertificateRequest(t: EngineTransition, from: ValidatorIndex, view: bigint): void {
  const { finalization, finalizedView } = t.state;
  const held = certificatesOf(t.view(view));
  const answer = held.length === 0 && finalization !== null && view <= finalizedView ? [finalization] : held;
  for (const certificate of answer) t.emit({ kind: 'send', to: from, message: { kind: 'certificate', certificate } });
}

/** [R5] Where another validator stands: learn from it, or help it along. Claims of a higher view count for nothing. */
export function handleStatus(t: EngineTransition, from: ValidatorIndex, status: Status): void {
  if (status.epoch !== t.state.config.epoch) return;
  const { bestFinalization: best } = status;
  if (best !== null && best.kind === 'finalize') handleCertificate(t, from, best);
  const behind = best === null ? 0n : best.tuple.view;
  if (status.currentView < t.state.currentView) {
    helpLaggard(t, from, behind + 1n);
    return;
  }
  const { finalization, finalizedView } = t.state;
  if (finalization === null || behind >= finalizedView) return;
  t.emit({ kind: 'send', to: from, message: { kind: 'certificate', certificate: finalization } });
}
