import { bytesToBigint } from '@heddle/primitives';
import { bn254 } from '@noble/curves/bn254.js';
import { readG1, writeG1 } from './bn254-points.ts';
import { type Precompile, readPadded } from './precompile.ts';

/** EIP-1108. */
const GAS = 6_000;

/** 0x07 (EIP-196). The scalar is any word. */
export const bn254Multiply: Precompile = {
  gas: () => GAS,
  run(input) {
    const point = readG1(input, 0);
    if (point === null) return null;
    const scalar = bytesToBigint(readPadded(input, 64, 32)) % bn254.fields.Fr.ORDER;
    return writeG1(point.multiplyUnsafe(scalar));
  },
};
