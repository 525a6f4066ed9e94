import { sha256 as hash } from '@heddle/primitives';
import type { Precompile } from './precompile.ts';

/** Yellow paper, appendix E. */
const GAS = 60;
const GAS_PER_WORD = 12;

/** 0x02. */
export const sha256: Precompile = {
  gas: (input) => GAS + GAS_PER_WORD * Math.ceil(input.length / 32),
  run: (input) => hash(input),
};
