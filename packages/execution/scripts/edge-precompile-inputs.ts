import { bigintToBytes, concatBytes, sha256 } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bn254 } from '@noble/curves/bn254.js';
import { p256 } from '@noble/curves/nist.js';

/** Numbers at which implementations part: zero, one, around an order, all bits. */
function edgeNumbers(...orders: readonly bigint[]): readonly bigint[] {
  return [0n, 1n, 2n, 2n ** 256n - 1n, ...orders.flatMap((order) => [order - 1n, order, order + 1n])];
}

function word(value: bigint): Uint8Array {
  return bigintToBytes(BigInt.asUintN(256, value), 32);
}

function field(value: bigint): Uint8Array {
  return bigintToBytes(value, 64);
}

/** Inputs at the edges of a curve precompile's rules; none for another precompile. */
export function edgePrecompileInputs(number: number): readonly Uint8Array[] {
  switch (number) {
    case 0x06:
      return pairsOf(bnPoints());
    case 0x07:
      return bnPoints().flatMap((point) => bnScalars().map((scalar) => concatBytes(point, word(scalar))));
    case 0x08:
      return bnPairings();
    case 0x0a:
      return kzgProofs();
    case 0x0b:
      return pairsOf(blsG1Points());
    case 0x0c:
      return sums(blsG1Points());
    case 0x0d:
      return pairsOf(blsG2Points());
    case 0x0e:
      return sums(blsG2Points());
    case 0x0f:
      return blsPairings();
    case 0x10:
      return blsFields();
    case 0x11:
      return pairsOf(blsFields());
    case 0x100:
      return p256Signatures();
    default:
      return [];
  }
}

function pairsOf(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  return parts.flatMap((left) => parts.map((right) => concatBytes(left, right)));
}

/** Infinity, a generator and its negative, a point off the curve, one with a coordinate that is too large. */
function bnPoints(): readonly Uint8Array[] {
  const { ORDER } = bn254.fields.Fp;
  const points: readonly (readonly [bigint, bigint])[] = [
    [0n, 0n],
    [1n, 2n],
    [1n, ORDER - 2n],
    [1n, 3n],
    [1n, ORDER + 2n],
    [0n, ORDER],
  ];
  return points.map(([x, y]) => concatBytes(word(x), word(y)));
}

function bnScalars(): readonly bigint[] {
  return edgeNumbers(bn254.fields.Fr.ORDER, bn254.fields.Fp.ORDER);
}

function bnPairings(): readonly Uint8Array[] {
  const { x, y } = bn254.G2.Point.BASE.toAffine();
  const generator = [x.c1, x.c0, y.c1, y.c0];
  const g2 = [generator, [0n, 0n, 0n, 0n], [0n, 0n, 1n, 0n], [x.c0, x.c1, y.c0, y.c1]].map((parts) =>
    concatBytes(...parts.map(word)),
  );
  const single = bnPoints().flatMap((left) => g2.map((right) => concatBytes(left, right)));
  const { ORDER } = bn254.fields.Fp;
  const one = concatBytes(word(1n), word(2n), ...generator.map(word));
  const inverse = concatBytes(word(1n), word(ORDER - 2n), ...generator.map(word));
  // More pairs than are paired at once.
  const many = Array.from({ length: 65 }, () => concatBytes(one, inverse));
  return [new Uint8Array(0), ...single, concatBytes(...many), concatBytes(...many, one)];
}

function blsG1Points(): readonly Uint8Array[] {
  const { BASE } = bls12_381.G1.Point;
  const { ORDER } = bls12_381.fields.Fp;
  const { x, y } = BASE.toAffine();
  const { x: other, y: otherY } = BASE.double().toAffine();
  const points: readonly (readonly [bigint, bigint])[] = [
    [0n, 0n],
    [x, y],
    [x, ORDER - y],
    [other, otherY],
    // On the curve, of order 3: not in the subgroup.
    [0n, 2n],
    [x, y + 1n],
    [x, y + ORDER],
    [0n, ORDER],
  ];
  return points.map((coordinates) => concatBytes(...coordinates.map(field)));
}

function blsG2Points(): readonly Uint8Array[] {
  const { x, y } = bls12_381.G2.Point.BASE.toAffine();
  const negative = bls12_381.G2.Point.BASE.negate().toAffine().y;
  const { ORDER } = bls12_381.fields.Fp;
  const points: readonly (readonly bigint[])[] = [
    [0n, 0n, 0n, 0n],
    [x.c0, x.c1, y.c0, y.c1],
    [x.c0, x.c1, negative.c0, negative.c1],
    [x.c1, x.c0, y.c1, y.c0],
    [x.c0, x.c1, y.c0, y.c1 + ORDER],
  ];
  return points.map((coordinates) => concatBytes(...coordinates.map(field)));
}

function sums(points: readonly Uint8Array[]): readonly Uint8Array[] {
  const scalars = edgeNumbers(bls12_381.fields.Fr.ORDER);
  const terms = points.flatMap((point) => scalars.map((scalar) => concatBytes(point, word(scalar))));
  const good = concatBytes(points[1] ?? word(0n), word(3n));
  // Around the number of terms that are added up at once.
  const many = [127, 128, 129].map((count) => concatBytes(...Array.from({ length: count }, () => good)));
  return [new Uint8Array(0), ...terms, ...many];
}

function blsPairings(): readonly Uint8Array[] {
  const single = blsG1Points().flatMap((left) => blsG2Points().map((right) => concatBytes(left, right)));
  const [, one = word(0n), negative = word(0n)] = blsG1Points();
  const [, g2 = word(0n)] = blsG2Points();
  const many = Array.from({ length: 65 }, () => concatBytes(one, g2, negative, g2));
  return [new Uint8Array(0), ...single, concatBytes(...many), concatBytes(...many, one, g2)];
}

function blsFields(): readonly Uint8Array[] {
  const { ORDER } = bls12_381.fields.Fp;
  return [0n, 1n, 2n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 384n, 2n ** 512n - 1n].map(field);
}

/** Every form of the flags of a compressed point, for commitment and proof; scalars at the edge. */
function kzgProofs(): readonly Uint8Array[] {
  const base = bls12_381.G1.Point.BASE.toBytes(true);
  const infinity = bls12_381.G1.Point.ZERO.toBytes(true);
  const withFlags = (point: Uint8Array, flags: number): Uint8Array => {
    const changed = point.slice();
    changed[0] = ((changed[0] ?? 0) & 0x1f) | (flags << 5);
    return changed;
  };
  const flags = [0, 1, 2, 3, 4, 5, 6, 7];
  const outside = withFlags(bigintToBytes(0n, 48), 4);
  const tooLarge = withFlags(bigintToBytes(bls12_381.fields.Fp.ORDER, 48), 4);
  const points = [base, infinity].flatMap((point) => flags.map((each) => withFlags(point, each)));
  const all = [...points, outside, tooLarge, new Uint8Array(48).fill(0xff)];
  const values = edgeNumbers(bls12_381.fields.Fr.ORDER);
  const proof = (commitment: Uint8Array, z: bigint, y: bigint, evidence: Uint8Array): Uint8Array => {
    const hash = sha256(commitment).slice();
    hash[0] = 1;
    return concatBytes(hash, word(z), word(y), commitment, evidence);
  };
  return [
    ...all.map((point) => proof(point, 5n, 1n, infinity)),
    ...all.map((point) => proof(base, 5n, 1n, point)),
    ...values.flatMap((z) => values.map((y) => proof(base, z, y, infinity))),
    ...values.map((y) => proof(infinity, 7n, y, infinity)),
  ];
}

function p256Signatures(): readonly Uint8Array[] {
  const { n, p } = p256.Point.CURVE();
  const { x, y } = p256.Point.BASE.toAffine();
  const keys: readonly (readonly [bigint, bigint])[] = [
    [x, y],
    [x, p - y],
    [0n, 0n],
    [x, y + 1n],
    [x, p],
    [p, y],
  ];
  const numbers = edgeNumbers(n);
  const signatures = numbers.flatMap((r) => numbers.map((s) => [r, s] as const));
  const make = (
    digest: bigint,
    [r, s]: readonly [bigint, bigint],
    [keyX, keyY]: readonly [bigint, bigint],
  ): Uint8Array => concatBytes(...[digest, r, s, keyX, keyY].map(word));
  const secretKey = word(7n);
  const digest = word(2n ** 256n - 1n);
  const good = p256.sign(digest, secretKey, { prehash: false, lowS: false });
  const publicKey = p256.getPublicKey(secretKey, false).subarray(1);
  return [
    concatBytes(digest, good, publicKey),
    ...signatures.map((signature) => make(1n, signature, [x, y])),
    ...keys.map((key) => make(0n, [x % n, x % n], key)),
    // h = −r with Q = G: the sum is infinity.
    make(n - 5n, [5n, 3n], [x, y]),
    // h = r·d for Q = d·G with d = 1: both terms are equal, so that the sum is a doubling.
    make(5n, [5n, 3n], [x, y]),
  ];
}
