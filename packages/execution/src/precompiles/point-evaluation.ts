import { BLS12_SCALAR_ORDER, bigintToBytes, bls12, concatBytes, equalBytes, sha256 } from '@heddle/primitives';
import type { Precompile } from './precompile.ts';

/** EIP-4844. */
const GAS = 50_000;
const INPUT_BYTES = 192;
const VERSION = 0x01;
const FIELD_ELEMENTS_PER_BLOB = 4_096n;

/** 0x0a (EIP-4844): versioned hash ‖ z ‖ y ‖ commitment ‖ proof. Fails unless the proof is good. */
export const pointEvaluation: Precompile = {
  gas: () => GAS,
  run(input) {
    if (input.length !== INPUT_BYTES) return null;
    const z = input.subarray(32, 64);
    const y = input.subarray(64, 96);
    const commitment = input.subarray(96, 144);
    const proof = input.subarray(144, 192);
    if (!equalBytes(versionedHash(commitment), input.subarray(0, 32))) return null;
    if (!bls12.verifyKzg(commitment, z, y, proof)) return null;
    return concatBytes(bigintToBytes(FIELD_ELEMENTS_PER_BLOB, 32), bigintToBytes(BLS12_SCALAR_ORDER, 32));
  },
};

function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = sha256(commitment).slice();
  hash[0] = VERSION;
  return hash;
}
