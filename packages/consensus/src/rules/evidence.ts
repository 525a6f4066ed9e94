import type { Certificate, Proposal, ValidatorIndex, Vote } from '@heddle/types';
import type { Evidence } from '../effect.ts';
import { readBitmap } from '../engine/quorum.ts';
import { certificatesOf } from '../engine/state.ts';
import { sameSubject, sameTuple, viewOf } from '../engine/subjects.ts';
import type { Transition } from '../engine/transition.ts';

/** [E1] Two proposals of one leader in one view. */
export function accuseLeader(t: Transition, culprit: ValidatorIndex, first: Proposal, second: Proposal): void {
  accuse(t, first.tuple.view, culprit, { kind: 'doublePropose', culprit, first, second });
}

/** [E2] [E3] [E4] A new vote against the first votes of its signer, of every kind, in the same view. */
export function accuseVoter(t: Transition, vote: Vote): void {
  const { votes } = t.view(viewOf(vote));
  for (const kind of ['notarize', 'nullify', 'finalize'] as const) {
    const first = votes[kind].get(vote.signer);
    if (first === undefined) continue;
    const proof = contradiction(first, vote);
    if (proof !== null)
      accuse(t, viewOf(vote), vote.signer, { kind: proof, culprit: vote.signer, first, second: vote });
  }
}

/** Two votes of one signer in one view that an honest validator never casts both; null if it may. */
function contradiction(a: Vote, b: Vote): 'doubleVote' | 'notarizeAndFinalize' | 'nullifyAndFinalize' | null {
  if (a.kind === b.kind) return sameSubject(a, b) ? null : 'doubleVote'; // [E2]
  if (a.kind !== 'nullify' && b.kind !== 'nullify') return sameTuple(a.tuple, b.tuple) ? null : 'notarizeAndFinalize'; // [E3]
  return a.kind === 'finalize' || b.kind === 'finalize' ? 'nullifyAndFinalize' : null; // [E4]; nullify after notarize is allowed
}

/** [E5] Everyone who has voted for a tuple whose committed justification is invalid; later voters are caught one by one. */
export function accuseJustification(t: Transition, proposal: Proposal): void {
  const { view } = proposal.tuple;
  t.updateView(view, { badProposal: proposal });
  const { notarize, finalize } = t.view(view).votes;
  for (const vote of [proposal.leaderNotarize, ...notarize.values(), ...finalize.values()]) accuseSupporter(t, vote);
}

/** [E5] One vote against the view's badly justified proposal, if there is one. */
export function accuseSupporter(t: Transition, vote: Vote): void {
  const { badProposal: proposal } = t.view(viewOf(vote));
  if (proposal === null || vote.kind === 'nullify' || !sameTuple(vote.tuple, proposal.tuple)) return;
  const culprit = vote.signer;
  accuse(t, viewOf(vote), culprit, { kind: 'badJustification', culprit, vote, proposal });
}

/** [E6] A verified certificate against those held for its view: whoever signed both sides of a conflict. */
export function accuseSigners(t: Transition, second: Certificate): void {
  const { validatorCount } = t.state.config;
  for (const first of certificatesOf(t.view(viewOf(second)))) {
    if (!conflicting(first, second)) continue;
    const signers = new Set(readBitmap(first.bitmap, validatorCount));
    const culprits = (readBitmap(second.bitmap, validatorCount) ?? []).filter((signer) => signers.has(signer));
    const [culprit] = culprits;
    if (culprit === undefined) continue;
    accuse(t, viewOf(second), culprit, { kind: 'conflictingCertificates', culprits, first, second });
  }
}

/** Two certificates of one view that can't both be, unless more than f validators are faulty. */
export function conflicting(a: Certificate, b: Certificate): boolean {
  if (a.kind === 'nullify' || b.kind === 'nullify') return a.kind === 'finalize' || b.kind === 'finalize';
  return !sameTuple(a.tuple, b.tuple);
}

/** Gives one piece of evidence of a kind against one validator a view: enough, and bounded. */
function accuse(t: Transition, view: bigint, culprit: ValidatorIndex, evidence: Evidence): void {
  const key = `${evidence.kind}:${culprit}`;
  const { accused } = t.view(view);
  if (accused.has(key)) return;
  t.updateView(view, { accused: new Set(accused).add(key) });
  t.emit({ kind: 'evidence', evidence });
}
