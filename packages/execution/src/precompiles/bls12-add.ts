import { G1_BYTES, G2_BYTES, readG1, readG2, writeG1, writeG2 } from './bls12-points.ts';
import type { Precompile } from './precompile.ts';

/** EIP-2537. */
const G1_GAS = 375;
const G2_GAS = 600;

/** 0x0b (EIP-2537). Points need not be in the subgroup. */
export const bls12G1Add: Precompile = {
  gas: () => G1_GAS,
  run(input) {
    if (input.length !== 2 * G1_BYTES) return null;
    const a = readG1(input, 0, false);
    const b = readG1(input, G1_BYTES, false);
    return a === null || b === null ? null : writeG1(a.add(b));
  },
};

/** 0x0d (EIP-2537). Points need not be in the subgroup. */
export const bls12G2Add: Precompile = {
  gas: () => G2_GAS,
  run(input) {
    if (input.length !== 2 * G2_BYTES) return null;
    const a = readG2(input, 0, false);
    const b = readG2(input, G2_BYTES, false);
    return a === null || b === null ? null : writeG2(a.add(b));
  },
};
