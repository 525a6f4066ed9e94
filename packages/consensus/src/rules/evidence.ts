import type { Certificate, Evidence, Proposal, SignedTuple, ValidatorIndex, Vote } from '@heddle/types';
import { certificatesOf } from '../engine/state.ts';
import { sameTuple, viewOf } from '../engine/subjects.ts';
import type { EngineTransition } from '../engine/transition.ts';
import { commonSigners, conflicting, contradiction } from '../evidence/conflicts.ts';

/** [E1] Two proposals of one leader in one view. */
export function accuseLeader(t: EngineTransition, culprit: ValidatorIndex, first: Proposal, second: Proposal): void {
  accuse(t, first.tuple.view, culprit, {
    kind: 'doublePropose',
    culprit,
    first: signedTuple(culprit, first),
    second: signedTuple(culprit, second),
  });
}

function signedTuple(leader: ValidatorIndex, { tuple, leaderSignature }: Proposal): SignedTuple {
  return { tuple, leader, signature: leaderSignature };
}

/** [E2] [E3] [E4] A new vote against the first votes of its signer, of every kind, in the same view. */
export function accuseVoter(t: EngineTransition, vote: Vote): void {
  const { votes } = t.view(viewOf(vote));
  for (const kind of ['notarize', 'nullify', 'finalize'] as const) {
    const first = votes[kind].get(vote.signer);
    if (first === undefined) continue;
    const proof = contradiction(first, vote);
    if (proof !== null)
      accuse(t, viewOf(vote), vote.signer, { kind: proof, culprit: vote.signer, first, second: vote });
  }
}

/**
 * [E5] Everyone who has voted to notarize a tuple whose committed justification is invalid; later voters are caught one
 * by one. Not who votes to finalize it: a notarization is all that it needs [F1].
 */
export function accuseJustification(t: EngineTransition, proposal: Proposal): void {
  const { view } = proposal.tuple;
  t.updateView(view, { badProposal: proposal });
  for (const vote of [proposal.leaderNotarize, ...t.view(view).votes.notarize.values()]) accuseSupporter(t, vote);
}

/** [E5] One vote against the view's badly justified proposal, if there is one. */
export function accuseSupporter(t: EngineTransition, vote: Vote): void {
  const { badProposal } = t.view(viewOf(vote));
  if (badProposal === null || vote.kind !== 'notarize' || !sameTuple(vote.tuple, badProposal.tuple)) return;
  const { parentCertificate, skipCertificates } = badProposal;
  const culprit = vote.signer;
  accuse(t, viewOf(vote), culprit, { kind: 'badJustification', culprit, vote, parentCertificate, skipCertificates });
}

/** [E6] A verified certificate against those held for its view: whoever signed both sides of a conflict. */
export function accuseSigners(t: EngineTransition, second: Certificate): void {
  const { validatorCount } = t.state.config;
  for (const first of certificatesOf(t.view(viewOf(second)))) {
    if (!conflicting(first, second)) continue;
    const culprits = commonSigners(first, second, validatorCount);
    const [culprit] = culprits;
    if (culprit === undefined) continue;
    accuse(t, viewOf(second), culprit, { kind: 'conflictingCertificates', culprits, first, second });
  }
}

/** Gives one piece of evidence of a kind against one validator a view: enough, and bounded. */
function accuse(t: EngineTransition, view: bigint, culprit: ValidatorIndex, evidence: Evidence): void {
  const key = `${evidence.kind}:${culprit}`;
  const { accused } = t.view(view);
  if (accused.has(key)) return;
  t.updateView(view, { accused: new Set(accused).add(key) });
  t.emit({ kind: 'evidence', evidence });
}
