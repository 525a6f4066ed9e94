import { EMPTY_BYTES, p256 } from '@heddle/primitives';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-7951. */
const GAS = 6_900;
/** hash ‖ r ‖ s ‖ x ‖ y, 32 bytes each. */
const INPUT_BYTES = 160;

/** 0x100 (EIP-7951): 1 for a good signature, empty output for everything else; never fails. Any s is good. */
export const p256Verify: Precompile = {
  gas: () => GAS,
  run: (input) => (input.length === INPUT_BYTES && isValid(input) ? booleanWord(true) : EMPTY_BYTES),
};

function isValid(input: Uint8Array): boolean {
  return p256.verify(input.subarray(0, 32), input.subarray(32, 96), input.subarray(96));
}
