import { bls12_381 } from '@noble/curves/bls12-381.js';
import { type Bls12G1, type Bls12G2, FIELD_BYTES, readField, writeG1, writeG2 } from './bls12-points.ts';
import type { Precompile } from './precompile.ts';

/** EIP-2537. */
const G1_GAS = 5_500;
const G2_GAS = 23_800;

/** 0x10 (EIP-2537): a field element to a point of G1. */
export const bls12MapToG1: Precompile = {
  gas: () => G1_GAS,
  run(input) {
    if (input.length !== FIELD_BYTES) return null;
    const element = readField(input, 0);
    return element === null ? null : writeG1(mapToG1(element));
  },
};

/** 0x11 (EIP-2537): an element of the quadratic extension to a point of G2. */
export const bls12MapToG2: Precompile = {
  gas: () => G2_GAS,
  run(input) {
    if (input.length !== 2 * FIELD_BYTES) return null;
    const real = readField(input, 0);
    const imaginary = readField(input, FIELD_BYTES);
    if (real === null || imaginary === null) return null;
    return writeG2(mapToG2(real, imaginary));
  },
};

function mapToG1(element: bigint): Bls12G1 {
  // For G1 the library's declaration asks for a list of scalars and its code for one; the latter counts.
  return Reflect.apply(bls12_381.G1.mapToCurve, undefined, [element]);
}

function mapToG2(real: bigint, imaginary: bigint): Bls12G2 {
  const { x, y } = bls12_381.G2.mapToCurve([real, imaginary]);
  return bls12_381.G2.Point.fromAffine({ x, y });
}
