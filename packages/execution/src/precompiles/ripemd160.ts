import { ripemd160 as hash } from '@noble/hashes/legacy.js';
import type { Precompile } from './precompile.ts';

/** Yellow paper, appendix E. */
const GAS = 600;
const GAS_PER_WORD = 120;

/** 0x03. The 20 bytes stand at the right of a word. */
export const ripemd160: Precompile = {
  gas: (input) => GAS + GAS_PER_WORD * Math.ceil(input.length / 32),
  run(input) {
    const output = new Uint8Array(32);
    output.set(hash(input), 12);
    return output;
  },
};
