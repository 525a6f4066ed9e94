import type { Proposal, ValidatorIndex } from '@heddle/types';
import { leaderOf } from '../engine/leaders.ts';
import { sameTuple } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';
import { MAX_PROPOSAL_CHECKS_PER_PEER } from '../limits.ts';
import { accuseJustification, accuseLeader } from '../rules/evidence.ts';
import { oldestView } from '../rules/finalize.ts';
import { findFault } from '../rules/justification.ts';
import { refuseProposal } from '../rules/refuse.ts';

/** [N2] A leader's proposal: the first of its view is checked, for the current view or one that it opens itself. */
export function handleProposal(t: Transition, from: ValidatorIndex, proposal: Proposal): void {
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

function checksRunning(t: Transition, from: ValidatorIndex): number {
  const requests = [...t.state.requests.values()];
  return requests.filter((request) => request.kind === 'verifyProposal' && request.from === from).length;
}
