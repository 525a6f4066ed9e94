import { BLS12_G1_BYTES, BLS12_G2_BYTES, bls12 } from '@heddle/primitives';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-2537. */
const GAS = 37_700;
const GAS_PER_PAIR = 32_600;
const PAIR_BYTES: number = BLS12_G1_BYTES + BLS12_G2_BYTES;

/** 0x0f (EIP-2537): whether the product of the pairings is one. */
export const bls12Pairing: Precompile = {
  gas: (input) => GAS + GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    const isOne = bls12.isPairingOne(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};
