import { bigintToBytes, bytesToBigint } from '@heddle/primitives';
import { bn254 } from '@noble/curves/bn254.js';
import { readPadded } from './precompile.ts';

export type Bn254G1 = ReturnType<typeof bn254.G1.Point.fromAffine>;
export type Bn254G2 = ReturnType<typeof bn254.G2.Point.fromAffine>;

const FIELD_ORDER = bn254.fields.Fp.ORDER;

/** 64 bytes (x, y) at `offset`, zeros beyond the end; (0, 0) is infinity. `null`: not a point of the curve (EIP-196). */
export function readG1(input: Uint8Array, offset: number): Bn254G1 | null {
  const x = readField(input, offset);
  const y = readField(input, offset + 32);
  if (x === null || y === null) return null;
  if (x === 0n && y === 0n) return bn254.G1.Point.ZERO;
  return checked(() => bn254.G1.Point.fromAffine({ x, y }));
}

/** 128 bytes (x imaginary, x real, y imaginary, y real). `null`: not a point of the right subgroup (EIP-197). */
export function readG2(input: Uint8Array, offset: number): Bn254G2 | null {
  const [xi, xr, yi, yr] = [0, 32, 64, 96].map((at) => readField(input, offset + at));
  if (typeof xi !== 'bigint' || typeof xr !== 'bigint' || typeof yi !== 'bigint' || typeof yr !== 'bigint') return null;
  if (xi === 0n && xr === 0n && yi === 0n && yr === 0n) return bn254.G2.Point.ZERO;
  return checked(() =>
    bn254.G2.Point.fromAffine({
      x: bn254.fields.Fp2.fromBigTuple([xr, xi]),
      y: bn254.fields.Fp2.fromBigTuple([yr, yi]),
    }),
  );
}

export function writeG1(point: Bn254G1): Uint8Array {
  const output = new Uint8Array(64);
  if (point.is0()) return output;
  const { x, y } = point.toAffine();
  output.set(bigintToBytes(x, 32), 0);
  output.set(bigintToBytes(y, 32), 32);
  return output;
}

function readField(input: Uint8Array, offset: number): bigint | null {
  const value = bytesToBigint(readPadded(input, offset, 32));
  return value < FIELD_ORDER ? value : null;
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
