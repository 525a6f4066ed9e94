import { bn254 } from '@noble/curves/bn254.js';
import { type Bn254G1, type Bn254G2, readG1, readG2 } from './bn254-points.ts';
import { booleanWord, type Precompile } from './precompile.ts';

/** EIP-1108. */
const GAS = 45_000;
const GAS_PER_PAIR = 34_000;
const PAIR_BYTES = 192;

/** 0x08 (EIP-197): whether the product of the pairings is one. */
export const bn254Pairing: Precompile = {
  gas: (input) => GAS + GAS_PER_PAIR * Math.floor(input.length / PAIR_BYTES),
  run(input) {
    if (input.length % PAIR_BYTES !== 0) return null;
    const pairs: { g1: Bn254G1; g2: Bn254G2 }[] = [];
    for (let offset = 0; offset < input.length; offset += PAIR_BYTES) {
      const g1 = readG1(input, offset);
      const g2 = readG2(input, offset + 64);
      if (g1 === null || g2 === null) return null;
      // Infinity pairs to one with anything; the library refuses it.
      if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 });
    }
    if (pairs.length === 0) return booleanWord(true);
    return booleanWord(bn254.fields.Fp12.eql(bn254.pairingBatch(pairs), bn254.fields.Fp12.ONE));
  },
};
