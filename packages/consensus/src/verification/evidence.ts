import { type AnyEvidence, type SignedTuple, signingMessage, type ValidatorIndex } from '@heddle/types';
import { sameTuple } from '../engine/subjects.ts';
import { commonSigners, conflicting, contradiction } from '../evidence/conflicts.ts';
import { isCommitted } from '../rules/justification.ts';
import { verifyCertificate, verifyVote } from './certificate.ts';
import { verifyChunkEvidence } from './chunk.ts';
import type { EpochContext } from './context.ts';
import { verifyJustification } from './proposal.ts';

type EvidenceOf<K extends AnyEvidence['kind']> = Extract<AnyEvidence, { readonly kind: K }>;

/**
 * Whom the evidence proves guilty, ascending; empty = it proves nothing. Decided from its contents and the validator set
 * of its epoch alone, so that everyone decides alike at any time. Never throws on bad input.
 */
export function verifyEvidence(context: EpochContext, evidence: AnyEvidence): readonly ValidatorIndex[] {
  if (evidence.kind === 'conflictingCertificates') return culpritsOf(context, evidence);
  return proves(context, evidence) ? [evidence.culprit] : [];
}

function proves(context: EpochContext, evidence: Exclude<AnyEvidence, EvidenceOf<'conflictingCertificates'>>): boolean {
  switch (evidence.kind) {
    case 'doublePropose':
      return provesDoublePropose(context, evidence);
    case 'doubleVote':
    case 'notarizeAndFinalize':
    case 'nullifyAndFinalize': {
      const { first, second, culprit, kind } = evidence;
      if (first.signer !== culprit || contradiction(first, second) !== kind) return false; // [E2] [E3] [E4]
      return verifyVote(context, first) && verifyVote(context, second);
    }
    case 'badJustification':
      return provesBadJustification(context, evidence);
    case 'doubleProduce':
    case 'doubleEndorse':
      return verifyChunkEvidence(context, evidence);
  }
}

/** [E1] Whoever signed two proposals for a view is guilty, its leader or not. */
function provesDoublePropose(context: EpochContext, evidence: EvidenceOf<'doublePropose'>): boolean {
  const { first, second, culprit } = evidence;
  if (first.tuple.view !== second.tuple.view || sameTuple(first.tuple, second.tuple)) return false;
  return [first, second].every((signed) => signed.leader === culprit && verifySignedTuple(context, signed));
}

function verifySignedTuple({ scheme, domain, set }: EpochContext, { tuple, leader, signature }: SignedTuple): boolean {
  const validator = set.validators[leader];
  if (validator === undefined || tuple.epoch !== domain.epoch) return false;
  return scheme.verify(validator.publicKey, signingMessage(domain, { kind: 'propose', tuple }), signature);
}

/** [E5] The tuple names these very certificates, its voter vouched for them, and they do not justify it. */
function provesBadJustification(context: EpochContext, evidence: EvidenceOf<'badJustification'>): boolean {
  const { vote, culprit, parentCertificate, skipCertificates } = evidence;
  const justified = { tuple: vote.tuple, parentCertificate, skipCertificates };
  if (vote.kind !== 'notarize' || vote.signer !== culprit || !isCommitted(justified)) return false;
  return verifyVote(context, vote) && !verifyJustification(context, justified);
}

/** [E6] */
function culpritsOf(
  context: EpochContext,
  { first, second }: EvidenceOf<'conflictingCertificates'>,
): readonly ValidatorIndex[] {
  if (!conflicting(first, second)) return [];
  const isProven = verifyCertificate(context, first) && verifyCertificate(context, second);
  return isProven ? commonSigners(first, second, context.set.validators.length) : [];
}
