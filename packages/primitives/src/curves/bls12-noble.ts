import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bigintToBytes, bytesToBigint } from '../bytes.ts';
import { type Bls12Backend, KZG_SETUP_G2 } from './bls12-backend.ts';

/** The implementation in JavaScript, some 20 times as slow as mcl: oracle of the tests, and fallback. */
export const nobleBls12: Bls12Backend = {
  name: 'noble',
  addG1,
  addG2,
  sumG1,
  sumG2,
  isPairingOne,
  mapToG1,
  mapToG2,
  verifyKzg,
};

type G1 = ReturnType<typeof bls12_381.G1.Point.fromAffine>;
type G2 = ReturnType<typeof bls12_381.G2.Point.fromAffine>;

const FIELD_BYTES = 64;
const SCALAR_BYTES = 32;
const G1_BYTES: number = 2 * FIELD_BYTES;
const G2_BYTES: number = 4 * FIELD_BYTES;
const SCALAR_ORDER = bls12_381.fields.Fr.ORDER;

function addG1(input: Uint8Array): Uint8Array | null {
  const a = readG1(input, 0, false);
  const b = readG1(input, G1_BYTES, false);
  return a === null || b === null ? null : writeG1(a.add(b));
}

function addG2(input: Uint8Array): Uint8Array | null {
  const a = readG2(input, 0, false);
  const b = readG2(input, G2_BYTES, false);
  return a === null || b === null ? null : writeG2(a.add(b));
}

function sumG1(input: Uint8Array): Uint8Array | null {
  let sum = bls12_381.G1.Point.ZERO;
  for (let offset = 0; offset < input.length; offset += G1_BYTES + SCALAR_BYTES) {
    const point = readG1(input, offset, true);
    if (point === null) return null;
    sum = sum.add(point.multiplyUnsafe(readScalar(input, offset + G1_BYTES)));
  }
  return writeG1(sum);
}

function sumG2(input: Uint8Array): Uint8Array | null {
  let sum = bls12_381.G2.Point.ZERO;
  for (let offset = 0; offset < input.length; offset += G2_BYTES + SCALAR_BYTES) {
    const point = readG2(input, offset, true);
    if (point === null) return null;
    sum = sum.add(point.multiplyUnsafe(readScalar(input, offset + G2_BYTES)));
  }
  return writeG2(sum);
}

function isPairingOne(input: Uint8Array): boolean | null {
  const pairs: { g1: G1; g2: G2 }[] = [];
  for (let offset = 0; offset < input.length; offset += G1_BYTES + G2_BYTES) {
    const g1 = readG1(input, offset, true);
    const g2 = readG2(input, offset + G1_BYTES, true);
    if (g1 === null || g2 === null) return null;
    pairs.push({ g1, g2 });
  }
  return isProductOne(pairs);
}

function isProductOne(pairs: readonly { readonly g1: G1; readonly g2: G2 }[]): boolean {
  // Infinity pairs to one with anything; the library refuses it.
  const finite = pairs.filter(({ g1, g2 }) => !g1.is0() && !g2.is0());
  if (finite.length === 0) return true;
  return bls12_381.fields.Fp12.eql(bls12_381.pairingBatch(finite), bls12_381.fields.Fp12.ONE);
}

function mapToG1(field: Uint8Array): Uint8Array {
  // For G1 the library's declaration asks for a list of scalars and its code for one; the latter counts.
  const point: G1 = Reflect.apply(bls12_381.G1.mapToCurve, undefined, [bytesToBigint(field)]);
  return writeG1(point);
}

function mapToG2(field: Uint8Array): Uint8Array {
  const parts = [readField(field, 0), readField(field, FIELD_BYTES)];
  const { x, y } = bls12_381.G2.mapToCurve(parts);
  return writeG2(bls12_381.G2.Point.fromAffine({ x, y }));
}

/** e(C − [y]₁, −[1]₂) · e(π, [τ]₂ − [z]₂) = 1. */
function verifyKzg(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
  const commitmentPoint = readCompressed(commitment);
  const proofPoint = readCompressed(proof);
  if (commitmentPoint === null || proofPoint === null) return false;
  const g2 = bls12_381.G2.Point;
  const shifted = commitmentPoint.subtract(bls12_381.G1.Point.BASE.multiplyUnsafe(bytesToBigint(y)));
  const divisor = g2.fromHex(KZG_SETUP_G2).subtract(g2.BASE.multiplyUnsafe(bytesToBigint(z)));
  return isProductOne([
    { g1: shifted, g2: g2.BASE.negate() },
    { g1: proofPoint, g2: divisor },
  ]);
}

function readCompressed(bytes: Uint8Array): G1 | null {
  try {
    const point = bls12_381.G1.Point.fromBytes(bytes);
    return point.is0() || point.isTorsionFree() ? point : null;
  } catch {
    // How the library says that the bytes are no point.
    return null;
  }
}

function readField(input: Uint8Array, offset: number): bigint {
  return bytesToBigint(input.subarray(offset, offset + FIELD_BYTES));
}

function readScalar(input: Uint8Array, offset: number): bigint {
  return bytesToBigint(input.subarray(offset, offset + SCALAR_BYTES)) % SCALAR_ORDER;
}

function readG1(input: Uint8Array, offset: number, inSubgroup: boolean): G1 | null {
  const x = readField(input, offset);
  const y = readField(input, offset + FIELD_BYTES);
  if (x === 0n && y === 0n) return bls12_381.G1.Point.ZERO;
  const { Fp } = bls12_381.fields;
  // y² = x³ + 4
  if (!Fp.eql(Fp.sqr(y), Fp.add(Fp.mul(Fp.sqr(x), x), 4n))) return null;
  const point = bls12_381.G1.Point.fromAffine({ x, y });
  return inSubgroup && !point.isTorsionFree() ? null : point;
}

function readG2(input: Uint8Array, offset: number, inSubgroup: boolean): G2 | null {
  const part = (index: number): bigint => readField(input, offset + index * FIELD_BYTES);
  const { Fp2 } = bls12_381.fields;
  const x = Fp2.fromBigTuple([part(0), part(1)]);
  const y = Fp2.fromBigTuple([part(2), part(3)]);
  if (Fp2.is0(x) && Fp2.is0(y)) return bls12_381.G2.Point.ZERO;
  // y² = x³ + 4(u + 1)
  if (!Fp2.eql(Fp2.sqr(y), Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n])))) return null;
  const point = bls12_381.G2.Point.fromAffine({ x, y });
  return inSubgroup && !point.isTorsionFree() ? null : point;
}

function writeG1(point: G1): Uint8Array {
  if (point.is0()) return new Uint8Array(G1_BYTES);
  const { x, y } = point.toAffine();
  return writeFields([x, y]);
}

function writeG2(point: G2): Uint8Array {
  if (point.is0()) return new Uint8Array(G2_BYTES);
  const { x, y } = point.toAffine();
  return writeFields([x.c0, x.c1, y.c0, y.c1]);
}

function writeFields(fields: readonly bigint[]): Uint8Array {
  const output = new Uint8Array(FIELD_BYTES * fields.length);
  for (const [index, field] of fields.entries()) output.set(bigintToBytes(field, FIELD_BYTES), index * FIELD_BYTES);
  return output;
}
