import { bytesToBigint } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';

const SCALAR_ORDER = bls12_381.fields.Fr.ORDER;
/** [τ]₂ of Ethereum's trusted setup. */
const SETUP_G2 =
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d' +
  '2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2' +
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2';

/**
 * EIP-4844's `verify_kzg_proof` by noble alone, for the oracle, which has none of its own. Throws for what is no scalar or
 * no point, as the libraries do whose place it takes.
 */
export function verifyKzgProofByNoble(
  commitment: Uint8Array,
  z: Uint8Array,
  y: Uint8Array,
  proof: Uint8Array,
): boolean {
  const [point, value] = [bytesToBigint(z), bytesToBigint(y)];
  if (point >= SCALAR_ORDER || value >= SCALAR_ORDER) throw new Error('not below the order of the scalars');
  const { G1, G2, fields } = bls12_381;
  const [committed, proved] = [commitment, proof].map((bytes) => G1.Point.fromBytes(bytes));
  if (committed === undefined || proved === undefined) throw new Error('two points were read');
  if (!committed.isTorsionFree() || !proved.isTorsionFree()) throw new Error('not in the subgroup');
  // e(C − [y]₁, [1]₂) = e(π, [τ − z]₂)
  const shifted = committed.subtract(G1.Point.BASE.multiplyUnsafe(value));
  const divisor = G2.Point.fromHex(SETUP_G2).subtract(G2.Point.BASE.multiplyUnsafe(point));
  if (shifted.is0() || proved.is0()) return shifted.is0() && proved.is0();
  return fields.Fp12.eql(bls12_381.pairing(shifted, G2.Point.BASE), bls12_381.pairing(proved, divisor));
}
