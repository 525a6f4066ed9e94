import { bytesToBigint, EMPTY_BYTES, hexToBytes, p256, recoverAddress } from '@heddle/primitives';
import { booleanWord, type Precompile, readPadded } from './precompile.ts';

/* ECDSA over secp256k1 and over secp256r1. */

/** Yellow paper, appendix E. */
const ECRECOVER_GAS = 3_000;
/** EIP-7951. */
const P256_VERIFY_GAS = 6_900;
/** hash ‖ r ‖ s ‖ x ‖ y, 32 bytes each. */
const P256_VERIFY_INPUT_BYTES = 160;

/** 0x01. Input (hash, v, r, s), words. Any s below the order is good here; nothing recovered is empty output, no failure. */
export const ecrecover: Precompile = {
  gas: () => ECRECOVER_GAS,
  run(input) {
    const bytes = readPadded(input, 0, 128);
    const v = bytesToBigint(bytes.subarray(32, 64));
    if (v !== 27n && v !== 28n) return EMPTY_BYTES;
    const address = recoverAddress(bytes.subarray(0, 32), {
      yParity: Number(v - 27n),
      r: bytesToBigint(bytes.subarray(64, 96)),
      s: bytesToBigint(bytes.subarray(96, 128)),
    });
    if (address === null) return EMPTY_BYTES;
    const output = new Uint8Array(32);
    output.set(hexToBytes(address), 12);
    return output;
  },
};

/** 0x100 (EIP-7951): 1 for a good signature, empty output for everything else; never fails. Any s is good. */
export const p256Verify: Precompile = {
  gas: () => P256_VERIFY_GAS,
  run: (input) => (input.length === P256_VERIFY_INPUT_BYTES && isValid(input) ? booleanWord(true) : EMPTY_BYTES),
};

function isValid(input: Uint8Array): boolean {
  return p256.verify(input.subarray(0, 32), input.subarray(32, 96), input.subarray(96));
}
