import { bn254 as noble } from '@noble/curves/bn254.js';
import { bigintToBytes } from '../bytes.ts';
import type { Bn254Backend } from './bn254-backend.ts';
import { loadMclBn254 } from './bn254-mcl.ts';
import { nobleBn254 } from './bn254-noble.ts';
import { areBelow } from './curve-input.ts';

const FIELD_BYTES = 32;
const ADD_BYTES: number = 4 * FIELD_BYTES;
const MULTIPLY_BYTES: number = 3 * FIELD_BYTES;
const PAIR_BYTES: number = 6 * FIELD_BYTES;
const FIELD_ORDER = bigintToBytes(noble.fields.Fp.ORDER, FIELD_BYTES);

/** The curve of EIP-196 and EIP-197 in their encodings. `null` stands for an input that they do not allow. */
export interface Bn254 {
  readonly name: 'wasm' | 'noble';
  /** The sum of two points of G1 (128 bytes). */
  add(input: Uint8Array): Uint8Array | null;
  /** A point of G1 and a scalar, any number (96 bytes). */
  multiply(input: Uint8Array): Uint8Array | null;
  /** Whether the product of the pairings, over pairs of a point of G1 and one of G2 (192 bytes a pair), is one. */
  isPairingOne(input: Uint8Array): boolean | null;
}

/** mcl where WebAssembly is there, else noble. */
export const bn254: Bn254 = bn254With((await loadMclBn254()) ?? nobleBn254);

/** By the given implementation; tests compare the two. */
export function bn254With(backend: Bn254Backend): Bn254 {
  return {
    name: backend.name,
    add: (input) => (input.length === ADD_BYTES && areBelow(input, 0, 4, FIELD_ORDER) ? backend.add(input) : null),
    multiply: (input) =>
      input.length === MULTIPLY_BYTES && areBelow(input, 0, 2, FIELD_ORDER) ? backend.multiply(input) : null,
    isPairingOne: (input) => {
      if (input.length % PAIR_BYTES !== 0) return null;
      return areBelow(input, 0, input.length / FIELD_BYTES, FIELD_ORDER) ? backend.isPairingOne(input) : null;
    },
  };
}
