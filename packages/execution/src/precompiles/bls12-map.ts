import { bls12 } from '@heddle/primitives';
import type { Precompile } from './precompile.ts';

/** EIP-2537. */
const G1_GAS = 5_500;
const G2_GAS = 23_800;

/** 0x10 (EIP-2537): a field element to a point of G1. */
export const bls12MapToG1: Precompile = { gas: () => G1_GAS, run: (input) => bls12.mapToG1(input) };

/** 0x11 (EIP-2537): an element of the quadratic extension to a point of G2. */
export const bls12MapToG2: Precompile = { gas: () => G2_GAS, run: (input) => bls12.mapToG2(input) };
