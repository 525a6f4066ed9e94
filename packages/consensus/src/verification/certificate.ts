import { assert, equalBytes } from '@heddle/primitives';
import {
  type Certificate,
  InvalidBitmapError,
  proposalId,
  quorum,
  type SigningRequest,
  signersOf,
  signingMessage,
  type ValidatorIndex,
  type Vote,
} from '@heddle/types';
import { aggregateParts } from './aggregate.ts';
import type { VerificationContext } from './context.ts';

/** Answers the engine's `aggregate` effect. */
export type VoteAggregation =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly badSigners: readonly ValidatorIndex[] };

/** What a vote or certificate says, as the request that its signers signed. */
function requestOf(subject: Vote | Certificate): SigningRequest {
  if (subject.kind === 'nullify') return { kind: 'nullify', epoch: subject.epoch, view: subject.view };
  return { kind: subject.kind, tuple: subject.tuple };
}

function isOfEpoch(context: VerificationContext, subject: Vote | Certificate): boolean {
  const { epoch, view } = subject.kind === 'nullify' ? subject : subject.tuple;
  return epoch === context.domain.epoch && view >= 1n;
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
  const signers = readSigners(bitmap, set.validators.length);
  if (signers.length < quorum(set.validators.length)) return false;
  const publicKeys = signers.flatMap((signer) => set.validators[signer]?.publicKey ?? []);
  return scheme.verifyAggregate(publicKeys, signingMessage(domain, request), aggregate);
}

/** Nobody, if the bitmap is malformed. */
function readSigners(bitmap: Uint8Array, validatorCount: number): readonly ValidatorIndex[] {
  try {
    return signersOf(bitmap, validatorCount);
  } catch (error) {
    if (error instanceof InvalidBitmapError) return [];
    throw error;
  }
}

/**
 * Makes a certificate of equal votes, or names the signers whose signatures are bad.
 *
 * @param votes at least a quorum, of one kind and subject, one per signer (else ImpossibleStateError).
 */
export function aggregateVotes(context: VerificationContext, votes: readonly Vote[]): VoteAggregation {
  const first = votes[0];
  assert(first !== undefined, 'there are votes to aggregate');
  assert(
    votes.every((vote) => isSameSubject(first, vote)),
    'votes of one kind and subject are aggregated',
  );
  const result = aggregateParts(context, requestOf(first), votes);
  if (!result.ok) return result;
  const { bitmap, aggregate } = result;
  if (first.kind === 'nullify') {
    return { ok: true, certificate: { kind: 'nullify', epoch: first.epoch, view: first.view, bitmap, aggregate } };
  }
  return { ok: true, certificate: { kind: first.kind, tuple: first.tuple, bitmap, aggregate } };
}

function isSameSubject(a: Vote, b: Vote): boolean {
  if (a.kind === 'nullify' || b.kind === 'nullify') {
    return a.kind === 'nullify' && b.kind === 'nullify' && a.epoch === b.epoch && a.view === b.view;
  }
  return a.kind === b.kind && (a.tuple === b.tuple || equalBytes(proposalId(a.tuple), proposalId(b.tuple)));
}
