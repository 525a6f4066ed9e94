import { BLS_AGGREGATE_BYTES, BLS_SIGNATURE_BYTES, equalBytes, rememberedBy } from '@heddle/primitives';
import { type SignatureScheme, verifyEach } from '../verification/scheme.ts';

const WORD_BYTES = 4;
const WORDS = BLS_SIGNATURE_BYTES / WORD_BYTES;
const AGGREGATE_WORDS = BLS_AGGREGATE_BYTES / WORD_BYTES;

/**
 * Signatures for simulations: a hash keyed with the public key, ten thousand times cheaper than BLS12-381. Whoever knows
 * a public key could make one, so only that key's signing function may call this; actors get none but their own. The
 * words follow from two 32-bit halves (FNV-1a with different offsets), mixed with their place.
 */
export function hashSign(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const halves = halvesOf(publicKey, message);
  const signature = new Uint8Array(BLS_SIGNATURE_BYTES);
  for (let word = 0; word < WORDS; word++) writeWord(signature, word, wordOf(halves, word));
  return signature;
}

interface HashHalves {
  readonly left: number;
  readonly right: number;
}

/** What is the same for all messages of a key. */
const halvesOfKey: (publicKey: Uint8Array) => HashHalves = rememberedBy((publicKey) =>
  mixed({ left: 0x811c9dc5, right: 0x9747b28c | 0 }, publicKey),
);

function halvesOf(publicKey: Uint8Array, message: Uint8Array): HashHalves {
  return mixed(halvesOfKey(publicKey), message);
}

function mixed(halves: HashHalves, bytes: Uint8Array): HashHalves {
  let { left, right } = halves;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    left = Math.imul(left ^ byte, 0x01000193);
    right = Math.imul(right ^ byte, 0x85ebca6b) ^ (right >>> 15);
  }
  return { left, right };
}

/** A signature's word, 32 bits with a sign. */
function wordOf({ left, right }: HashHalves, word: number): number {
  return Math.imul(word % 2 === 0 ? left : right, 2 * word + 1) ^ word;
}

/** Big-endian. Not through a view: making one takes longer than all words of a signature. */
function readWord(bytes: Uint8Array, word: number): number {
  const at = word * WORD_BYTES;
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function writeWord(bytes: Uint8Array, word: number, value: number): void {
  const at = word * WORD_BYTES;
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** The same rules as BLS: unique signatures, aggregation in any order, all or nothing verification of an aggregate. */
export const hashScheme: SignatureScheme = {
  verifyAll: (checks) => verifyEach(hashScheme, checks),
  verify: (publicKey, message, signature) => {
    if (signature.length !== BLS_SIGNATURE_BYTES) return false;
    const halves = halvesOf(publicKey, message);
    for (let word = 0; word < WORDS; word++) if (readWord(signature, word) !== wordOf(halves, word)) return false;
    return true;
  },
  aggregate: (signatures) =>
    signatures.every(({ length }) => length === BLS_SIGNATURE_BYTES) ? sumOf(signatures) : null,
  verifyAggregate: (publicKeys, message, aggregate) =>
    publicKeys.length > 0 && equalBytes(sumOf(publicKeys.map((key) => hashSign(key, message))), aggregate),
};

/**
 * Word by word modulo 2^32: no order, and no two signatures cancel each other as they would with XOR. Each word of the
 * aggregate takes in two, one of them three times: whatever bit of a signature changes, the sum does.
 */
function sumOf(signatures: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(BLS_AGGREGATE_BYTES);
  for (const signature of signatures) {
    for (let word = 0; word < AGGREGATE_WORDS; word++) {
      const folded = readWord(signature, word) + Math.imul(3, readWord(signature, word + AGGREGATE_WORDS));
      writeWord(sum, word, readWord(sum, word) + folded);
    }
  }
  return sum;
}
