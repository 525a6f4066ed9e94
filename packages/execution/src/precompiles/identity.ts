import type { Precompile } from './precompile.ts';

/** Yellow paper, appendix E. */
const GAS = 15;
const GAS_PER_WORD = 3;

/** 0x04. */
export const identity: Precompile = {
  gas: (input) => GAS + GAS_PER_WORD * Math.ceil(input.length / 32),
  run: (input) => input,
};
