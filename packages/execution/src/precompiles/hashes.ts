import { blake2bCompress, sha256 as sha256Of } from '@heddle/primitives';
import { ripemd160 as ripemd160Of } from '@noble/hashes/legacy.js';
import type { Precompile } from './precompile.ts';

/* The hash functions, and the one that hands its input back: priced by the word. */

/** Yellow paper, appendix E. */
const SHA256_GAS = 60;
const SHA256_GAS_PER_WORD = 12;
const RIPEMD160_GAS = 600;
const RIPEMD160_GAS_PER_WORD = 120;
const IDENTITY_GAS = 15;
const IDENTITY_GAS_PER_WORD = 3;

/** rounds (4) ‖ h (64) ‖ m (128) ‖ t (16) ‖ final (1). */
const BLAKE2F_INPUT_BYTES = 213;
const ROUNDS_BYTES = 4;

/** 0x02. */
export const sha256: Precompile = {
  gas: (input) => SHA256_GAS + SHA256_GAS_PER_WORD * Math.ceil(input.length / 32),
  run: (input) => sha256Of(input),
};

/** 0x03. The 20 bytes stand at the right of a word. */
export const ripemd160: Precompile = {
  gas: (input) => RIPEMD160_GAS + RIPEMD160_GAS_PER_WORD * Math.ceil(input.length / 32),
  run(input) {
    const output = new Uint8Array(32);
    output.set(ripemd160Of(input), 12);
    return output;
  },
};

/** 0x04. */
export const identity: Precompile = {
  gas: (input) => IDENTITY_GAS + IDENTITY_GAS_PER_WORD * Math.ceil(input.length / 32),
  run: (input) => input,
};

/** 0x09 (EIP-152): the compression function of BLAKE2b with any number of rounds, each of which costs one gas. */
export const blake2f: Precompile = {
  gas: (input) => (input.length === BLAKE2F_INPUT_BYTES ? roundsOf(input) : Number.POSITIVE_INFINITY),
  run(input) {
    const final = input[BLAKE2F_INPUT_BYTES - 1];
    if (input.length !== BLAKE2F_INPUT_BYTES || (final !== 0 && final !== 1)) return null;
    return blake2bCompress(input.subarray(ROUNDS_BYTES, BLAKE2F_INPUT_BYTES - 1), roundsOf(input), final === 1);
  },
};

function roundsOf(input: Uint8Array): number {
  return new DataView(input.buffer, input.byteOffset, ROUNDS_BYTES).getUint32(0);
}
