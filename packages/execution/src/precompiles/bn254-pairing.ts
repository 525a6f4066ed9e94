import { bn254 } from '@heddle/primitives';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-1108. */
const GAS = 45_000;
const GAS_PER_PAIR = 34_000;
const PAIR_BYTES = 192;

/** 0x08 (EIP-197): whether the product of the pairings is one. */
export const bn254Pairing: Precompile = {
  gas: (input) => GAS + GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    const isOne = bn254.isPairingOne(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};
