import { type SignatureScheme, verifyEach } from '@heddle/consensus';
import { BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES, concatBytes, equalBytes, keccak256 } from '@heddle/primitives';

/** Signatures for long runs: hashes keyed with the public key, which anyone could make. */
export function macSign(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const word = keccak256(concatBytes(publicKey, message));
  return concatBytes(...Array.from({ length: BLS_SIGNATURE_BYTES / word.length }, () => word));
}

export const macScheme: SignatureScheme = {
  verifyAll: (checks) => verifyEach(macScheme, checks),
  verify: (publicKey, message, signature) => equalBytes(signature, macSign(publicKey, message)),
  aggregate: (signatures) =>
    signatures.every(({ length }) => length === BLS_SIGNATURE_BYTES) ? sumOf(signatures) : null,
  verifyAggregate: (publicKeys, message, aggregate) =>
    publicKeys.length > 0 && equalBytes(aggregate, sumOf(publicKeys.map((key) => macSign(key, message)))),
};

/** Byte by byte, in any order. */
function sumOf(signatures: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(BLS_AGGREGATE_BYTES);
  for (const signature of signatures) for (const [i] of sum.entries()) sum[i] = (sum[i] ?? 0) + (signature[i] ?? 0);
  return sum;
}
