import { type SignatureScheme, verifyEach } from '@heddle/consensus';
import { BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES } from '@heddle/primitives';

const WORDS = BLS_SIGNATURE_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/**
 * Signatures for simulations: a hash keyed with the public key, ten thousand times cheaper than BLS12-381. Whoever knows
 * a public key could make one, so only that key's signing function may call this; actors get none but their own. The
 * words follow from two 32-bit lanes (FNV-1a with different offsets), mixed with their place.
 */
export function hashSign(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  let left = 0x811c9dc5;
  let right = 0x9747b28c;
  for (const part of [publicKey, message]) {
    for (const byte of part) {
      left = Math.imul(left ^ byte, 0x01000193);
      right = Math.imul(right ^ byte, 0x85ebca6b) ^ (right >>> 15);
    }
  }
  const signature = new Uint8Array(BLS_SIGNATURE_BYTES);
  const words = new DataView(signature.buffer);
  for (let i = 0; i < WORDS; i++) words.setUint32(i * 4, Math.imul(i % 2 === 0 ? left : right, 2 * i + 1) ^ i);
  return signature;
}

/** The same rules as BLS: unique signatures, aggregation in any order, all or nothing verification of an aggregate. */
export const hashScheme: SignatureScheme = {
  verifyAll: (checks) => verifyEach(hashScheme, checks),
  verify: (publicKey, message, signature) => equal(hashSign(publicKey, message), signature),
  aggregate: (signatures) =>
    signatures.every(({ length }) => length === BLS_SIGNATURE_BYTES) ? sumOf(signatures) : null,
  verifyAggregate: (publicKeys, message, aggregate) =>
    publicKeys.length > 0 && equal(sumOf(publicKeys.map((key) => hashSign(key, message))), aggregate),
};

/**
 * Word by word modulo 2^32: no order, and no two signatures cancel each other as they would with XOR. Each word of the
 * aggregate takes in two, one of them three times: whatever bit of a signature changes, the sum does.
 */
function sumOf(signatures: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(BLS_AGGREGATE_BYTES);
  const words = new DataView(sum.buffer);
  for (const signature of signatures) {
    const added = new DataView(signature.buffer, signature.byteOffset, signature.length);
    for (let at = 0; at < BLS_AGGREGATE_BYTES; at += Uint32Array.BYTES_PER_ELEMENT) {
      const folded = added.getUint32(at) + Math.imul(3, added.getUint32(at + BLS_AGGREGATE_BYTES));
      words.setUint32(at, words.getUint32(at) + folded);
    }
  }
  return sum;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
