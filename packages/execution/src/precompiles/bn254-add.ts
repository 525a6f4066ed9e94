import { readG1, writeG1 } from './bn254-points.ts';
import type { Precompile } from './precompile.ts';

/** EIP-1108. */
const GAS = 150;

/** 0x06 (EIP-196). */
export const bn254Add: Precompile = {
  gas: () => GAS,
  run(input) {
    const a = readG1(input, 0);
    const b = readG1(input, 64);
    return a === null || b === null ? null : writeG1(a.add(b));
  },
};
