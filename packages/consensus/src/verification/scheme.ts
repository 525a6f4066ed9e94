import {
  type BlsCheck,
  blsAggregate,
  blsVerify,
  blsVerifyAggregate,
  blsVerifyAll,
  InvalidBlsSignatureError,
} from '@heddle/primitives';

/** What `verify` or `verifyAggregate` is asked, as data. */
export type SignatureCheck = BlsCheck;

/** The signature arithmetic that verification needs. The simulator puts a keyed hash in its place. */
export interface SignatureScheme {
  /** False for every malformed argument; never throws. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** The signatures (at least one) as one, in any order; null if one of them is not even an encoding. Verifies nothing. */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array | null;
  /** Whether every key signed this message. False for no keys and for every malformed argument; never throws. */
  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean;
  /** Whether each of these verifies; for more than one cheaper than one by one. Does not say which one is bad. */
  verifyAll(checks: readonly SignatureCheck[]): boolean;
}

/** `verifyAll` for a scheme that gains nothing by taking them together. */
export function verifyEach(scheme: Omit<SignatureScheme, 'verifyAll'>, checks: readonly SignatureCheck[]): boolean {
  return checks.every((check) =>
    check.kind === 'signature'
      ? scheme.verify(check.publicKey, check.message, check.signature)
      : scheme.verifyAggregate(check.publicKeys, check.message, check.aggregate),
  );
}

/** BLS12-381 as consensus.md fixes it. */
export const blsScheme: SignatureScheme = {
  verify: blsVerify,
  verifyAggregate: blsVerifyAggregate,
  verifyAll: blsVerifyAll,
  aggregate: (signatures): Uint8Array | null => {
    try {
      return blsAggregate(signatures);
    } catch (error) {
      if (error instanceof InvalidBlsSignatureError) return null;
      throw error;
    }
  },
};

/**
 * A scheme that takes every signature for good and notes it in `checks`: what is judged with it stands if all of them
 * verify. Many verified at once cost half of what they cost one by one.
 */
export function collectingScheme(scheme: SignatureScheme, checks: SignatureCheck[]): SignatureScheme {
  return {
    verify: (publicKey, message, signature): boolean => {
      checks.push({ kind: 'signature', publicKey, message, signature });
      return true;
    },
    verifyAggregate: (publicKeys, message, aggregate): boolean => {
      checks.push({ kind: 'aggregate', publicKeys, message, aggregate });
      return true;
    },
    verifyAll: (more): boolean => {
      checks.push(...more);
      return true;
    },
    aggregate: (signatures) => scheme.aggregate(signatures),
  };
}
