import { bls12 } from '@heddle/primitives';
import type { Precompile } from './precompile.ts';

/** EIP-2537. */
const G1_GAS = 375;
const G2_GAS = 600;

/** 0x0b (EIP-2537). Points need not be in the subgroup. */
export const bls12G1Add: Precompile = { gas: () => G1_GAS, run: (input) => bls12.addG1(input) };

/** 0x0d (EIP-2537). Points need not be in the subgroup. */
export const bls12G2Add: Precompile = { gas: () => G2_GAS, run: (input) => bls12.addG2(input) };
