import { assert } from '@heddle/primitives';
import type { Proposal, ValidatorIndex } from '@heddle/types';
import type { Transition } from '../engine/transition.ts';
import { blockPeer } from '../rules/blocking.ts';
import { acceptCertificate } from '../rules/certificates.ts';
import { accuseJustification } from '../rules/evidence.ts';
import { refuseProposal } from '../rules/refuse.ts';
import { collectVote } from '../rules/votes.ts';

/** The signatures of a certificate or a proposal are good, or not. */
export function handleVerified(t: Transition, requestId: number, valid: boolean): void {
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
export function handleBadJustification(t: Transition, requestId: number): void {
  const pending = t.close(requestId);
  if (pending === null) return;
  assert(pending.kind === 'verifyProposal', `request ${requestId} was not for a proposal`);
  accuseJustification(t, pending.proposal);
  refuseProposal(t, pending.from, pending.proposal, 'proposal: bad justification');
}

/** A proposal brings its certificates with it: they may open its view. Then its block is executed. */
function acceptProposal(t: Transition, from: ValidatorIndex, proposal: Proposal): void {
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
