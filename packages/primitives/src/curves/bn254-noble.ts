import { bn254 } from '@noble/curves/bn254.js';
import { bigintToBytes, bytesToBigint } from '../bytes.ts';
import type { Bn254Backend } from './bn254-backend.ts';

/** The implementation in JavaScript, some 20 times as slow as mcl: oracle of the tests, and fallback. */
export const nobleBn254: Bn254Backend = { name: 'noble', add, multiply, isPairingOne };

type G1 = ReturnType<typeof bn254.G1.Point.fromAffine>;
type G2 = ReturnType<typeof bn254.G2.Point.fromAffine>;

const FIELD_BYTES = 32;
const G1_BYTES: number = 2 * FIELD_BYTES;
const PAIR_BYTES: number = 6 * FIELD_BYTES;

function add(input: Uint8Array): Uint8Array | null {
  const a = readG1(input, 0);
  const b = readG1(input, G1_BYTES);
  return a === null || b === null ? null : writeG1(a.add(b));
}

function multiply(input: Uint8Array): Uint8Array | null {
  const point = readG1(input, 0);
  if (point === null) return null;
  return writeG1(point.multiplyUnsafe(readField(input, G1_BYTES) % bn254.fields.Fr.ORDER));
}

function isPairingOne(input: Uint8Array): boolean | null {
  const pairs: { g1: G1; g2: G2 }[] = [];
  for (let offset = 0; offset < input.length; offset += PAIR_BYTES) {
    const g1 = readG1(input, offset);
    const g2 = readG2(input, offset + G1_BYTES);
    if (g1 === null || g2 === null) return null;
    // Infinity pairs to one with anything; the library refuses it.
    if (!g1.is0() && !g2.is0()) pairs.push({ g1, g2 });
  }
  if (pairs.length === 0) return true;
  return bn254.fields.Fp12.eql(bn254.pairingBatch(pairs), bn254.fields.Fp12.ONE);
}

function readField(input: Uint8Array, offset: number): bigint {
  return bytesToBigint(input.subarray(offset, offset + FIELD_BYTES));
}

function readG1(input: Uint8Array, offset: number): G1 | null {
  const x = readField(input, offset);
  const y = readField(input, offset + FIELD_BYTES);
  if (x === 0n && y === 0n) return bn254.G1.Point.ZERO;
  return checked(() => bn254.G1.Point.fromAffine({ x, y }));
}

function readG2(input: Uint8Array, offset: number): G2 | null {
  const part = (index: number): bigint => readField(input, offset + index * FIELD_BYTES);
  const { Fp2 } = bn254.fields;
  const x = Fp2.fromBigTuple([part(1), part(0)]);
  const y = Fp2.fromBigTuple([part(3), part(2)]);
  if (Fp2.is0(x) && Fp2.is0(y)) return bn254.G2.Point.ZERO;
  return checked(() => bn254.G2.Point.fromAffine({ x, y }));
}

function writeG1(point: G1): Uint8Array {
  const output = new Uint8Array(G1_BYTES);
  if (point.is0()) return output;
  const { x, y } = point.toAffine();
  output.set(bigintToBytes(x, FIELD_BYTES), 0);
  output.set(bigintToBytes(y, FIELD_BYTES), FIELD_BYTES);
  return output;
}

/** The library reports a bad point by throwing. */
function checked<Point extends { assertValidity(): void }>(make: () => Point): Point | null {
  try {
    const point = make();
    point.assertValidity();
    return point;
  } catch {
    return null;
  }
}
