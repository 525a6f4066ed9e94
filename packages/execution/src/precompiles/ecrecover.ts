import { bytesToBigint, EMPTY_BYTES, hexToBytes, recoverAddress } from '@heddle/primitives';
import { type Precompile, readPadded } from './precompile.ts';

/** Yellow paper, appendix E. */
const GAS = 3_000;

/** 0x01. Input (hash, v, r, s), words. Any s below the order is good here; nothing recovered is empty output, no failure. */
export const ecrecover: Precompile = {
  gas: () => GAS,
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
