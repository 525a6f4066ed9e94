import { type Block, justificationRoot, type Proposal, signingMessage } from '@heddle/types';
import { verifyCertificate, verifyVote } from './certificate.ts';
import type { VerificationContext } from './context.ts';

/**
 * Everything in a proposal that can be judged from the proposal alone: that parent and skip certificates justify the
 * tuple, the leader's two signatures, and each certificate. The leader is whoever signed `leaderNotarize`: that this is
 * the leader of the view, and that the block is the one the tuple names, is for others to check. Never throws on bad
 * input.
 */
export function verifyProposal(context: VerificationContext, proposal: Proposal): boolean {
  if (!isJustified(proposal)) return false;
  const { tuple, leaderNotarize, leaderSignature } = proposal;
  const leader = context.set.validators[leaderNotarize.signer];
  if (leader === undefined || tuple.epoch !== context.domain.epoch) return false;
  const message = signingMessage(context.domain, { kind: 'propose', tuple });
  if (!context.scheme.verify(leader.publicKey, message, leaderSignature)) return false;
  if (!verifyVote(context, leaderNotarize)) return false;
  const certificates = proposal.parentCertificate === null ? [] : [proposal.parentCertificate];
  return [...certificates, ...proposal.skipCertificates].every((certificate) =>
    verifyCertificate(context, certificate),
  );
}

/** The certificates are the ones that the tuple commits to, and they cover every view between parent and view. */
function isJustified({ tuple, parentCertificate, skipCertificates, leaderNotarize }: Proposal): boolean {
  const { epoch, view, parentView, parentHash } = tuple;
  if (view <= parentView || leaderNotarize.kind !== 'notarize') return false;
  if (!isSameTuple(leaderNotarize.tuple, tuple)) return false;
  if ((parentCertificate === null) !== (parentView === 0n)) return false;
  if (parentCertificate !== null) {
    const parent = parentCertificate.tuple;
    if (parent.epoch !== epoch || parent.view !== parentView || parent.blockHash !== parentHash) return false;
  }
  if (BigInt(skipCertificates.length) !== view - parentView - 1n) return false;
  const isCovered = skipCertificates.every(
    (skip, index) => skip.kind === 'nullify' && skip.epoch === epoch && skip.view === parentView + 1n + BigInt(index),
  );
  return isCovered && justificationRoot(parentCertificate, skipCertificates) === tuple.justificationRoot;
}

function isSameTuple(a: Proposal['tuple'], b: Proposal['tuple']): boolean {
  return (
    a.epoch === b.epoch &&
    a.view === b.view &&
    a.parentView === b.parentView &&
    a.parentHash === b.parentHash &&
    a.blockHash === b.blockHash &&
    a.justificationRoot === b.justificationRoot
  );
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
