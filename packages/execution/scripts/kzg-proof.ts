import { bigintToBytes, concatBytes, sha256 } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';

/** [τ]₁ of Ethereum's trusted setup: with it whoever does not know τ can commit to polynomials of degree 1. */
const SETUP_G1 = 'ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81';

/**
 * Input of the point evaluation (EIP-4844) that shows the value of a + b·x at `z`: commitment [a + bτ]₁, proof [b]₁, which
 * is infinity for b = 0. All of them below the group's order.
 */
export function linearKzgProof(a: bigint, b: bigint, z: bigint): Uint8Array {
  const { G1, fields } = bls12_381;
  const proof = G1.Point.BASE.multiplyUnsafe(b);
  const commitment = G1.Point.BASE.multiplyUnsafe(a).add(G1.Point.fromHex(SETUP_G1).multiplyUnsafe(b)).toBytes(true);
  const hash = sha256(commitment).slice();
  hash[0] = 1;
  const y = fields.Fr.create(a + b * z);
  return concatBytes(hash, bigintToBytes(z, 32), bigintToBytes(y, 32), commitment, proof.toBytes(true));
}
