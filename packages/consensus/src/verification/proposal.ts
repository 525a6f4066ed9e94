import { type Block, type Proposal, signingMessage } from '@heddle/types';
import { sameTuple } from '../engine/subjects.ts';
import { isCommitted, isJustified, type JustifiedTuple } from '../rules/justification.ts';
import { verifyCertificate, verifyVote } from './certificate.ts';
import type { EpochContext, VerificationContext } from './context.ts';
import type { SignatureCheck } from './scheme.ts';
import { collectingScheme } from './scheme.ts';

/**
 * badSignature: a signature of the leader is bad, or does not cover what came with it. It accuses nobody, since anyone
 * can make such a proposal. badJustification: the leader signed well for certificates that prove nothing; whoever votes
 * to notarize the tuple is at fault too [E5].
 */
export type ProposalVerdict = 'good' | 'badSignature' | 'badJustification';

/**
 * Everything in a proposal that can be judged from the proposal alone: the leader's two signatures, that parent and skip
 * certificates justify the tuple, and each certificate. The leader is whoever signed `leaderNotarize`: that this is the
 * leader of the view, and that the block is the one the tuple names, is for others to check. Never throws on bad input.
 */
export function verifyProposal(context: EpochContext, proposal: Proposal): ProposalVerdict {
  const checks: SignatureCheck[] = [];
  const hopeful = judge({ ...context, scheme: collectingScheme(context.scheme, checks) }, proposal);
  // One by one only if one of them is bad: which one decides between the verdicts.
  return context.scheme.verifyAll(checks) ? hopeful : judge(context, proposal);
}

function judge(context: EpochContext, proposal: Proposal): ProposalVerdict {
  if (!isSignedByLeader(context, proposal)) return 'badSignature';
  return verifyJustification(context, proposal) ? 'good' : 'badJustification';
}

/** Both signatures are for the tuple, and the tuple commits to the certificates. */
function isSignedByLeader(context: EpochContext, proposal: Proposal): boolean {
  const { tuple, leaderNotarize, leaderSignature } = proposal;
  const leader = context.set.validators[leaderNotarize.signer];
  if (leader === undefined || tuple.epoch !== context.domain.epoch || !isCommitted(proposal)) return false;
  if (leaderNotarize.kind !== 'notarize' || !sameTuple(leaderNotarize.tuple, tuple)) return false;
  const message = signingMessage(context.domain, { kind: 'propose', tuple });
  return context.scheme.verify(leader.publicKey, message, leaderSignature) && verifyVote(context, leaderNotarize);
}

/** The block leader's signature (tag 7) over epoch and the block's own view: what the children's PREVRANDAO mixes in. */
export function verifyRandaoReveal(
  context: VerificationContext,
  block: Pick<Block, 'leader' | 'view' | 'randaoReveal'>,
): boolean {
  const leader = context.set.validators[block.leader];
  if (leader === undefined) return false;
  const message = signingMessage(context.domain, { kind: 'randao', epoch: context.domain.epoch, view: block.view });
  return context.scheme.verify(leader.publicKey, message, block.randaoReveal);
}

/** [N3] [N4] Whether the certificates justify the tuple and each of them verifies. Stops at the first that does not. */
export function verifyJustification(context: EpochContext, justified: JustifiedTuple): boolean {
  const { domain, set, startHash } = context;
  const terms = { epoch: domain.epoch, validatorCount: set.validators.length, genesisHash: startHash };
  if (!isJustified(terms, justified)) return false;
  const { parentCertificate, skipCertificates } = justified;
  const certificates = parentCertificate === null ? skipCertificates : [parentCertificate, ...skipCertificates];
  return certificates.every((certificate) => verifyCertificate(context, certificate));
}
