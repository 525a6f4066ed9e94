import { bn254 } from '@heddle/primitives';
import { type Precompile, readPadded } from './precompile.ts';

/** EIP-1108. */
const GAS = 6_000;
const INPUT_BYTES = 96;

/** 0x07 (EIP-196). The scalar is any word. */
export const bn254Multiply: Precompile = {
  gas: () => GAS,
  run: (input) => bn254.multiply(readPadded(input, 0, INPUT_BYTES)),
};
