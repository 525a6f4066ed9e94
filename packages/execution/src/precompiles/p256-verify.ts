import { bytesToBigint, EMPTY_BYTES } from '@heddle/primitives';
import { p256 } from '@noble/curves/nist.js';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-7951. */
const GAS = 6_900;
/** hash ‖ r ‖ s ‖ x ‖ y, 32 bytes each. */
const INPUT_BYTES = 160;

/** 0x100 (EIP-7951): 1 for a good signature, empty output for everything else; never fails. */
export const p256Verify: Precompile = {
  gas: () => GAS,
  run: (input) => (input.length === INPUT_BYTES && isValid(input) ? booleanWord(true) : EMPTY_BYTES),
};

function isValid(input: Uint8Array): boolean {
  const [r, s, x, y] = [32, 64, 96, 128].map((at) => bytesToBigint(input.subarray(at, at + 32)));
  if (r === undefined || s === undefined || x === undefined || y === undefined) return false;
  const { n, p } = p256.Point.CURVE();
  if (r <= 0n || r >= n || s <= 0n || s >= n || x >= p || y >= p) return false;
  const publicKey = new Uint8Array(65);
  publicKey[0] = 0x04;
  publicKey.set(input.subarray(96), 1);
  try {
    // The hash is given and any s is good (EIP-7951 has no malleability check).
    const options = { prehash: false, lowS: false, format: 'compact' } as const;
    return p256.verify(input.subarray(32, 96), input.subarray(0, 32), publicKey, options);
  } catch {
    return false;
  }
}
