import { p256 as noble } from '@noble/curves/nist.js';
import { bigintToBytes } from '../bytes.ts';
import { areBelow } from './curve-input.ts';
import type { P256Backend } from './p256-backend.ts';
import { loadMclP256 } from './p256-mcl.ts';
import { nobleP256 } from './p256-noble.ts';

const NUMBER_BYTES = 32;
const ORDER = bigintToBytes(noble.Point.CURVE().n, NUMBER_BYTES);
const FIELD_ORDER = bigintToBytes(noble.Point.CURVE().p, NUMBER_BYTES);

/** Signatures over P-256 (secp256r1), as EIP-7951 takes them. */
export interface P256 {
  readonly name: 'wasm' | 'noble';
  /** `signature` is r ‖ s, `publicKey` x ‖ y, `digest` 32 bytes. Both values of s are good. False for every bad argument. */
  verify(digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
}

/** mcl where WebAssembly is there, else noble. */
export const p256: P256 = p256With((await loadMclP256()) ?? nobleP256);

/** By the given implementation; tests compare the two. */
export function p256With(backend: P256Backend): P256 {
  return {
    name: backend.name,
    verify: (digest, signature, publicKey) =>
      digest.length === NUMBER_BYTES &&
      signature.length === 2 * NUMBER_BYTES &&
      publicKey.length === 2 * NUMBER_BYTES &&
      areBelow(signature, 0, 2, ORDER) &&
      !isZero(signature.subarray(0, NUMBER_BYTES)) &&
      !isZero(signature.subarray(NUMBER_BYTES)) &&
      areBelow(publicKey, 0, 2, FIELD_ORDER) &&
      backend.verify(digest, signature, publicKey),
  };
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
