import { bn254 } from '@heddle/primitives';
import { type Precompile, readPadded } from './precompile.ts';

/** EIP-1108. */
const GAS = 150;
const INPUT_BYTES = 128;

/** 0x06 (EIP-196). */
export const bn254Add: Precompile = { gas: () => GAS, run: (input) => bn254.add(readPadded(input, 0, INPUT_BYTES)) };
