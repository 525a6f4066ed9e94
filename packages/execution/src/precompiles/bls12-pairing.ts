import { bls12_381 } from '@noble/curves/bls12-381.js';
import { type Bls12G1, type Bls12G2, G1_BYTES, G2_BYTES, readG1, readG2 } from './bls12-points.ts';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-2537. */
const GAS = 37_700;
const GAS_PER_PAIR = 32_600;
const PAIR_BYTES = G1_BYTES + G2_BYTES;

/** 0x0f (EIP-2537): whether the product of the pairings is one. */
export const bls12Pairing: Precompile = {
  gas: (input) => GAS + GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    if (input.length === 0 || input.length % PAIR_BYTES !== 0) return null;
    const pairs: { g1: Bls12G1; g2: Bls12G2 }[] = [];
    for (let offset = 0; offset < input.length; offset += PAIR_BYTES) {
      const g1 = readG1(input, offset, true);
      const g2 = readG2(input, offset + G1_BYTES, true);
      if (g1 === null || g2 === null) return null;
      // Infinity pairs to one with anything; the library refuses it.
      if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 });
    }
    if (pairs.length === 0) return booleanWord(true);
    return booleanWord(bls12_381.fields.Fp12.eql(bls12_381.pairingBatch(pairs), bls12_381.fields.Fp12.ONE));
  },
};
