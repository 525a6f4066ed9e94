import { blsAggregate, blsVerify, blsVerifyAggregate, InvalidBlsSignatureError } from '@heddle/primitives';

/** The signature arithmetic that verification needs. The simulator puts a keyed hash in its place. */
export interface SignatureScheme {
  /** False for every malformed argument; never throws. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** The signatures (at least one) as one, in any order; null if one of them is not even an encoding. Verifies nothing. */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array | null;
  /** Whether every key signed this message. False for no keys and for every malformed argument; never throws. */
  verifyAggregate(publicKeys: readonly Uint8Array[], message: Uint8Array, aggregate: Uint8Array): boolean;
}

/** BLS12-381 as consensus.md fixes it. */
export const blsScheme: SignatureScheme = {
  verify: blsVerify,
  verifyAggregate: blsVerifyAggregate,
  aggregate: (signatures): Uint8Array | null => {
    try {
      return blsAggregate(signatures);
    } catch (error) {
      if (error instanceof InvalidBlsSignatureError) return null;
      throw error;
    }
  },
};
