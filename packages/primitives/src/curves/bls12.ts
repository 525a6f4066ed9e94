import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bigintToBytes } from '../bytes.ts';
import type { Bls12Backend } from './bls12-backend.ts';
import { loadMclBls12 } from './bls12-mcl.ts';
import { nobleBls12 } from './bls12-noble.ts';
import { areBelow, isBelow } from './curve-input.ts';

/** EIP-2537: a field element is 48 bytes, big-endian, behind 16 zeros. */
export const BLS12_FIELD_BYTES = 64;
export const BLS12_G1_BYTES: number = 2 * BLS12_FIELD_BYTES;
export const BLS12_G2_BYTES: number = 4 * BLS12_FIELD_BYTES;
const SCALAR_BYTES = 32;
const COMPRESSED_BYTES = 48;
/** Order of the groups: scalars of EIP-4844 are below it. */
export const BLS12_SCALAR_ORDER: bigint = bls12_381.fields.Fr.ORDER;

/** As wide as a field element: what is below it has its 16 zeros. */
const FIELD_ORDER = bigintToBytes(bls12_381.fields.Fp.ORDER, BLS12_FIELD_BYTES);
const SCALAR_ORDER = bigintToBytes(BLS12_SCALAR_ORDER, SCALAR_BYTES);

/** BLS12-381 in the encodings of EIP-2537. `null` stands for an input that the EIP does not allow. */
export interface Bls12 {
  readonly name: 'wasm' | 'noble';
  /** The sum of two points of the curve; they need not be in the subgroup. */
  addG1(input: Uint8Array): Uint8Array | null;
  addG2(input: Uint8Array): Uint8Array | null;
  /** The sum of scalar · point over pairs of point and scalar (32 bytes, any number). */
  sumG1(input: Uint8Array): Uint8Array | null;
  sumG2(input: Uint8Array): Uint8Array | null;
  /** Whether the product of the pairings, over pairs of a point of G1 and one of G2, is one. */
  isPairingOne(input: Uint8Array): boolean | null;
  /** A field element (of the quadratic extension for G2) to a point. */
  mapToG1(input: Uint8Array): Uint8Array | null;
  mapToG2(input: Uint8Array): Uint8Array | null;
  /**
   * EIP-4844: whether `proof` (48 bytes) shows that the polynomial of `commitment` (48) has the value `y` at `z` (32 bytes
   * each). False for what is no scalar or no point of the subgroup.
   */
  verifyKzg(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean;
}

/** mcl where WebAssembly is there, else noble. */
export const bls12: Bls12 = bls12With((await loadMclBls12()) ?? nobleBls12);

/** By the given implementation; tests compare the two. */
export function bls12With(backend: Bls12Backend): Bls12 {
  const pairBytes = BLS12_G1_BYTES + BLS12_G2_BYTES;
  return {
    name: backend.name,
    addG1: (input) => (isPoints(input, 2 * BLS12_G1_BYTES, 4) ? backend.addG1(input) : null),
    addG2: (input) => (isPoints(input, 2 * BLS12_G2_BYTES, 8) ? backend.addG2(input) : null),
    sumG1: (input) => (areTerms(input, BLS12_G1_BYTES + SCALAR_BYTES, 2) ? backend.sumG1(input) : null),
    sumG2: (input) => (areTerms(input, BLS12_G2_BYTES + SCALAR_BYTES, 4) ? backend.sumG2(input) : null),
    isPairingOne: (input) => (areTerms(input, pairBytes, 6) ? backend.isPairingOne(input) : null),
    mapToG1: (input) => (isPoints(input, BLS12_FIELD_BYTES, 1) ? backend.mapToG1(input) : null),
    mapToG2: (input) => (isPoints(input, 2 * BLS12_FIELD_BYTES, 2) ? backend.mapToG2(input) : null),
    verifyKzg: (commitment, z, y, proof) =>
      commitment.length === COMPRESSED_BYTES &&
      proof.length === COMPRESSED_BYTES &&
      [z, y].every((scalar) => scalar.length === SCALAR_BYTES && isBelow(scalar, 0, SCALAR_ORDER)) &&
      backend.verifyKzg(commitment, z, y, proof),
  };
}

function isPoints(input: Uint8Array, length: number, fields: number): boolean {
  return input.length === length && areBelow(input, 0, fields, FIELD_ORDER);
}

/** One term or more, each of which begins with `fields` field elements. */
function areTerms(input: Uint8Array, termBytes: number, fields: number): boolean {
  if (input.length === 0 || input.length % termBytes !== 0) return false;
  for (let offset = 0; offset < input.length; offset += termBytes) {
    if (!areBelow(input, offset, fields, FIELD_ORDER)) return false;
  }
  return true;
}
