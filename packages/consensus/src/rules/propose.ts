import { assert } from '@heddle/primitives';
import { type Block, type Hash, justificationRoot, type ProposalTuple } from '@heddle/types';
import { skippedViews, walkBack } from '../engine/ancestry.ts';
import { leaderOf } from '../engine/leaders.ts';
import type { EngineState } from '../engine/state.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { MAX_GAP_REQUESTS } from '../limits.ts';
import { requestSignature, signing } from './own-votes.ts';
import { collectVote } from './votes.ts';

/** Whether this node leads the current view. */
export function isLeader({ config, currentView }: EngineState): boolean {
  return leaderOf(config.leaders, currentView) === config.validatorIndex;
}

/** [P2] The leader asks for a block as soon as there is a reason to make one and a parent to prove. */
export function tryBuild(t: EngineTransition): void {
  if (!wantsBlock(t.state)) return;
  const { currentView: view } = t.state;
  const walk = walkBack(t.state, view); // [P1]
  if (walk.kind === 'gaps') {
    requestGaps(t, walk.views);
    return;
  }
  const { justification } = walk;
  t.setRound({ building: justification });
  t.emit({ kind: 'buildBlock', view, parentView: justification.parentView, parentHash: justification.parentHash });
}

function wantsBlock(state: EngineState): boolean {
  const { currentView: view, round, workPending } = state;
  if (!isLeader(state) || round.building !== null) return false;
  const record = state.views.get(view);
  if (record !== undefined && (record.proposal ?? record.ownNotarize ?? record.ownNullify) !== null) return false;
  return workPending || round.heartbeat || skippedViews(state, view) > 0n;
}

/** [P1] Asks everyone for the certificates missing below the current view; again only after a retry. */
function requestGaps(t: EngineTransition, views: readonly bigint[]): void {
  if (t.state.round.gapsRequested) return;
  t.setRound({ gapsRequested: true });
  for (const view of views.slice(0, MAX_GAP_REQUESTS)) {
    t.emit({ kind: 'broadcast', message: { kind: 'certificateRequest', epoch: t.state.config.epoch, view } });
  }
}

/** [P3] The block is there: commit to it and its justification, and have both signatures made. */
export function draftProposal(t: EngineTransition, block: Block, blockHash: Hash): void {
  const { currentView: view, config, round } = t.state;
  const { ownNotarize, ownNullify } = t.view(view);
  if (round.building === null || round.draft !== null) return;
  if (ownNotarize !== null || ownNullify !== null) return; // [N6] binds the leader too
  const { parentView, parentHash, parentCertificate, skipCertificates } = round.building;
  const root = justificationRoot(parentCertificate, skipCertificates);
  const tuple: ProposalTuple = {
    epoch: config.epoch,
    view,
    parentView,
    parentHash,
    blockHash,
    justificationRoot: root,
  };
  const draft = { tuple, block, justification: round.building, leaderSignature: null, leaderNotarize: null };
  t.setRound({ draft });
  t.updateView(view, { ownNotarize: signing(tuple) });
  requestSignature(t, { kind: 'propose', tuple });
  requestSignature(t, { kind: 'notarize', tuple });
}

/** [P4] With both signatures: journal proposal and vote together, then send them as one message. */
export function tryPropose(t: EngineTransition): void {
  const { draft } = t.state.round;
  if (draft === null || draft.leaderSignature === null || draft.leaderNotarize === null) return;
  const { tuple, block, leaderSignature, leaderNotarize } = draft;
  const { parentCertificate, skipCertificates } = draft.justification;
  assert(tuple.view === t.state.currentView, 'a draft is dropped with its view');
  const proposal = { tuple, block, parentCertificate, skipCertificates, leaderSignature, leaderNotarize };
  t.setRound({ draft: null });
  const ownNotarize = { status: 'signed', tuple, vote: leaderNotarize } as const;
  t.updateView(tuple.view, { proposal: { proposal, status: 'valid' }, ownNotarize });
  t.record({ kind: 'firstProposal', proposal }); // [D1]
  t.record({ kind: 'ownVote', vote: leaderNotarize });
  t.emit({ kind: 'broadcast', message: { kind: 'proposal', proposal } });
  collectVote(t, leaderNotarize);
}
