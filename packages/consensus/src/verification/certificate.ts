import { assert } from '@heddle/primitives';
import { type Certificate, quorum, type SigningRequest, signingMessage, type Vote } from '@heddle/types';
import type { Aggregation } from '../aggregation.ts';
import { signersIn } from '../engine/quorum.ts';
import { epochOf, requestOf, sameSubject, viewOf } from '../engine/subjects.ts';
import { aggregateParts } from './aggregate.ts';
import type { VerificationContext } from './context.ts';

function isOfEpoch(context: VerificationContext, subject: Vote | Certificate): boolean {
  return epochOf(subject) === context.domain.epoch && viewOf(subject) >= 1n;
}

/** One vote on its own: for evidence. In the engine votes are verified by the quorum only. */
export function verifyVote(context: VerificationContext, vote: Vote): boolean {
  const validator = context.set.validators[vote.signer];
  if (validator === undefined || !isOfEpoch(context, vote)) return false;
  const message = signingMessage(context.domain, requestOf(vote));
  return context.scheme.verify(validator.publicKey, message, vote.signature);
}

/** Epoch, bitmap form, quorum and aggregate signature. Never throws on bad input. */
export function verifyCertificate(context: VerificationContext, certificate: Certificate): boolean {
  if (!isOfEpoch(context, certificate)) return false;
  return verifyQuorum(context, requestOf(certificate), certificate.bitmap, certificate.aggregate);
}

/** A bitmap of at least a quorum, in exact form, whose members all signed `request`. */
export function verifyQuorum(
  { scheme, domain, set }: VerificationContext,
  request: SigningRequest,
  bitmap: Uint8Array,
  aggregate: Uint8Array,
): boolean {
  const signers = signersIn(bitmap, set.validators.length) ?? [];
  if (signers.length < quorum(set.validators.length)) return false;
  const publicKeys = signers.flatMap((signer) => set.validators[signer]?.publicKey ?? []);
  return scheme.verifyAggregate(publicKeys, signingMessage(domain, request), aggregate);
}

/**
 * Makes a certificate of equal votes, or names the signers whose signatures are bad.
 *
 * @param votes at least a quorum, of one kind and subject, one per signer (else ImpossibleStateError).
 */
export function aggregateVotes(context: VerificationContext, votes: readonly Vote[]): Aggregation<Certificate> {
  const first = votes[0];
  assert(first !== undefined, 'there are votes to aggregate');
  assert(
    votes.every((vote) => sameSubject(first, vote)),
    'votes of one kind and subject are aggregated',
  );
  const result = aggregateParts(context, requestOf(first), votes);
  if (!result.ok) return result;
  const { bitmap, aggregate } = result.certificate;
  if (first.kind === 'nullify') {
    return { ok: true, certificate: { kind: 'nullify', epoch: first.epoch, view: first.view, bitmap, aggregate } };
  }
  return { ok: true, certificate: { kind: first.kind, tuple: first.tuple, bitmap, aggregate } };
}
