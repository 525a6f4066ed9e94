import { blake2bCompress } from '@heddle/primitives';
import type { Precompile } from './precompile.ts';

/** rounds (4) ‖ h (64) ‖ m (128) ‖ t (16) ‖ final (1). */
const INPUT_BYTES = 213;
const ROUNDS_BYTES = 4;

/** 0x09 (EIP-152): the compression function of BLAKE2b with any number of rounds, each of which costs one gas. */
export const blake2f: Precompile = {
  gas: (input) => (input.length === INPUT_BYTES ? roundsOf(input) : Number.POSITIVE_INFINITY),
  run(input) {
    const final = input[INPUT_BYTES - 1];
    if (input.length !== INPUT_BYTES || (final !== 0 && final !== 1)) return null;
    return blake2bCompress(input.subarray(ROUNDS_BYTES, INPUT_BYTES - 1), roundsOf(input), final === 1);
  },
};

function roundsOf(input: Uint8Array): number {
  return new DataView(input.buffer, input.byteOffset, ROUNDS_BYTES).getUint32(0);
}
