import { assert } from '@heddle/primitives';
import { bitmapOf, quorum, type SigningRequest, signingMessage, type ValidatorIndex } from '@heddle/types';
import type { Aggregation } from '../aggregation.ts';
import type { VerificationContext } from './context.ts';

/** One signature over the message that all of a group sign. */
export interface SignedPart {
  readonly signer: ValidatorIndex;
  readonly signature: Uint8Array;
}

/** Who signed, and the sum of their signatures. */
export interface QuorumSignature {
  readonly bitmap: Uint8Array;
  readonly aggregate: Uint8Array;
}

/**
 * Aggregates signatures over one request and verifies once; on failure halves the set until the bad ones stand alone
 * (b bad ones among m cost about b·log2(m) more checks). Only the aggregate is ever believed.
 *
 * @param parts at least a quorum, one per signer (else ImpossibleStateError: the caller counts before it asks).
 */
export function aggregateParts(
  context: VerificationContext,
  request: SigningRequest,
  parts: readonly SignedPart[],
): Aggregation<QuorumSignature> {
  const count = context.set.validators.length;
  const signers = parts.map((part) => part.signer);
  assert(parts.length >= quorum(count), 'signatures are aggregated once there is a quorum');
  assert(new Set(signers).size === signers.length, 'each signer is aggregated once');
  const message = signingMessage(context.domain, request);
  const aggregate = verifiedAggregate(context, message, parts);
  if (aggregate !== null) return { ok: true, certificate: { bitmap: bitmapOf(signers, count), aggregate } };
  return { ok: false, badSigners: findBadSigners(context, message, parts).toSorted((a, b) => a - b) };
}

/** Null if any of the signers is unknown or the sum does not verify. */
function verifiedAggregate(
  { scheme, set }: VerificationContext,
  message: Uint8Array,
  parts: readonly SignedPart[],
): Uint8Array | null {
  const publicKeys: Uint8Array[] = [];
  for (const { signer } of parts) {
    const validator = set.validators[signer];
    if (validator === undefined) return null;
    publicKeys.push(validator.publicKey);
  }
  const aggregate = scheme.aggregate(parts.map((part) => part.signature));
  return aggregate !== null && scheme.verifyAggregate(publicKeys, message, aggregate) ? aggregate : null;
}

/** The signers of parts that are known not to verify as a whole. Parts of a half that verifies verify together again. */
function findBadSigners(
  context: VerificationContext,
  message: Uint8Array,
  parts: readonly SignedPart[],
): readonly ValidatorIndex[] {
  if (parts.length === 1) return parts.map((part) => part.signer);
  const middle = parts.length >> 1;
  const halves = [parts.slice(0, middle), parts.slice(middle)].filter(
    (half) => verifiedAggregate(context, message, half) === null,
  );
  // Both halves good means that the whole is good: a scheme that says otherwise is broken.
  assert(halves.length > 0, 'signatures that verify in halves verify as a whole');
  return halves.flatMap((half) => findBadSigners(context, message, half));
}
