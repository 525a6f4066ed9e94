import { bn254 } from '@heddle/primitives';
import { booleanWord, type Precompile, readPadded } from './precompile.ts';

/** EIP-1108. */
const ADD_GAS = 150;
const MULTIPLY_GAS = 6_000;
const PAIRING_GAS = 45_000;
const PAIRING_GAS_PER_PAIR = 34_000;

const ADD_INPUT_BYTES = 128;
const MULTIPLY_INPUT_BYTES = 96;
const PAIR_BYTES = 192;

/** 0x06 (EIP-196). */
export const bn254Add: Precompile = {
  gas: () => ADD_GAS,
  run: (input) => bn254.add(readPadded(input, 0, ADD_INPUT_BYTES)),
};

/** 0x07 (EIP-196). The scalar is any word. */
export const bn254Multiply: Precompile = {
  gas: () => MULTIPLY_GAS,
  run: (input) => bn254.multiply(readPadded(input, 0, MULTIPLY_INPUT_BYTES)),
};

/** 0x08 (EIP-197): whether the product of the pairings is one. */
export const bn254Pairing: Precompile = {
  gas: (input) => PAIRING_GAS + PAIRING_GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    const isOne = bn254.isPairingOne(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};
