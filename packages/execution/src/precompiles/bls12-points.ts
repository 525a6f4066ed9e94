import { bigintToBytes, bytesToBigint } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';

export type Bls12G1 = ReturnType<typeof bls12_381.G1.Point.fromAffine>;
export type Bls12G2 = ReturnType<typeof bls12_381.G2.Point.fromAffine>;

/** EIP-2537: a field element is 48 bytes, big-endian, behind 16 zero bytes. */
export const FIELD_BYTES = 64;
export const G1_BYTES: number = 2 * FIELD_BYTES;
export const G2_BYTES: number = 4 * FIELD_BYTES;
const FIELD_ORDER = bls12_381.fields.Fp.ORDER;

/** `null`: not below the field's order. */
export function readField(input: Uint8Array, offset: number): bigint | null {
  const value = bytesToBigint(input.subarray(offset, offset + FIELD_BYTES));
  return value < FIELD_ORDER ? value : null;
}

/** `null`: not on the curve, or, when `inSubgroup`, outside of the subgroup. All zeros is infinity. */
export function readG1(input: Uint8Array, offset: number, inSubgroup: boolean): Bls12G1 | null {
  const x = readField(input, offset);
  const y = readField(input, offset + FIELD_BYTES);
  if (x === null || y === null) return null;
  if (x === 0n && y === 0n) return bls12_381.G1.Point.ZERO;
  const { Fp } = bls12_381.fields;
  // y² = x³ + 4
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 4n))) return null;
  const point = bls12_381.G1.Point.fromAffine({ x, y });
  return inSubgroup && !point.isTorsionFree() ? null : point;
}

/** As `readG1`; real part first. */
export function readG2(input: Uint8Array, offset: number, inSubgroup: boolean): Bls12G2 | null {
  const [x0, x1, y0, y1] = [0, 1, 2, 3].map((part) => readField(input, offset + part * FIELD_BYTES));
  if (typeof x0 !== 'bigint' || typeof x1 !== 'bigint' || typeof y0 !== 'bigint' || typeof y1 !== 'bigint') return null;
  if (x0 === 0n && x1 === 0n && y0 === 0n && y1 === 0n) return bls12_381.G2.Point.ZERO;
  const { Fp2 } = bls12_381.fields;
  const x = Fp2.fromBigTuple([x0, x1]);
  const y = Fp2.fromBigTuple([y0, y1]);
  // y² = x³ + 4(u + 1)
  if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n])))) return null;
  const point = bls12_381.G2.Point.fromAffine({ x, y });
  return inSubgroup && !point.isTorsionFree() ? null : point;
}

export function writeG1(point: Bls12G1): Uint8Array {
  const output = new Uint8Array(G1_BYTES);
  if (point.is0()) return output;
  const { x, y } = point.toAffine();
  output.set(bigintToBytes(x, FIELD_BYTES), 0);
  output.set(bigintToBytes(y, FIELD_BYTES), FIELD_BYTES);
  return output;
}

export function writeG2(point: Bls12G2): Uint8Array {
  const output = new Uint8Array(G2_BYTES);
  if (point.is0()) return output;
  const { x, y } = point.toAffine();
  for (const [index, part] of [x.c0, x.c1, y.c0, y.c1].entries()) {
    output.set(bigintToBytes(part, FIELD_BYTES), index * FIELD_BYTES);
  }
  return output;
}

/** A scalar of a multi-scalar multiplication: any 32 bytes, reduced by the group's order. */
export function readScalar(input: Uint8Array, offset: number): bigint {
  return bytesToBigint(input.subarray(offset, offset + 32)) % bls12_381.fields.Fr.ORDER;
}
