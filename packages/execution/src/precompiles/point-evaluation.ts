import { bigintToBytes, bytesToBigint, concatBytes, equalBytes, sha256 } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { Bls12G1 } from './bls12-points.ts';
import type { Precompile } from './precompile.ts';

/** EIP-4844. */
const GAS = 50_000;
const INPUT_BYTES = 192;
const VERSION = 0x01;
const FIELD_ELEMENTS_PER_BLOB = 4_096n;
const SCALAR_ORDER = bls12_381.fields.Fr.ORDER;

/** The G2 point [τ]₂ of Ethereum's trusted setup (the KZG ceremony), compressed. */
const SETUP_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d' +
  '2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2' +
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2';

/** 0x0a (EIP-4844): versioned hash ‖ z ‖ y ‖ commitment ‖ proof. Fails unless the proof is good. */
export const pointEvaluation: Precompile = {
  gas: () => GAS,
  run(input) {
    if (input.length !== INPUT_BYTES) return null;
    const z = bytesToBigint(input.subarray(32, 64));
    const y = bytesToBigint(input.subarray(64, 96));
    const commitment = input.subarray(96, 144);
    const proof = input.subarray(144, 192);
    if (z >= SCALAR_ORDER || y >= SCALAR_ORDER) return null;
    if (!equalBytes(versionedHash(commitment), input.subarray(0, 32))) return null;
    const commitmentPoint = readCompressed(commitment);
    const proofPoint = readCompressed(proof);
    if (commitmentPoint === null || proofPoint === null || !verify(commitmentPoint, z, y, proofPoint)) return null;
    return concatBytes(bigintToBytes(FIELD_ELEMENTS_PER_BLOB, 32), bigintToBytes(SCALAR_ORDER, 32));
  },
};

function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = sha256(commitment).slice();
  hash[0] = VERSION;
  return hash;
}

function readCompressed(bytes: Uint8Array): Bls12G1 | null {
  try {
    const point = bls12_381.G1.Point.fromBytes(bytes);
    return point.is0() || point.isTorsionFree() ? point : null;
  } catch {
    return null;
  }
}

/** e(C − [y]₁, −[1]₂) · e(π, [τ]₂ − [z]₂) = 1. */
function verify(commitment: Bls12G1, z: bigint, y: bigint, proof: Bls12G1): boolean {
  const g2 = bls12_381.G2.Point;
  const shifted = commitment.subtract(bls12_381.G1.Point.BASE.multiplyUnsafe(y));
  const divisor = g2.fromHex(SETUP_G2).subtract(g2.BASE.multiplyUnsafe(z));
  const pairs = [
    { g1: shifted, g2: g2.BASE.negate() },
    { g1: proof, g2: divisor },
  ].filter((pair) => !pair.g1.is0() && !pair.g2.is0());
  if (pairs.length === 0) return true;
  return bls12_381.fields.Fp12.eql(bls12_381.pairingBatch(pairs), bls12_381.fields.Fp12.ONE);
}
