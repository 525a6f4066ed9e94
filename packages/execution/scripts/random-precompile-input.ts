import { bigintToBytes, concatBytes, hexToBytes, keccak256, signDigest } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bn254 } from '@noble/curves/bn254.js';
import { p256 } from '@noble/curves/nist.js';
import { linearKzgProof } from './kzg-proof.ts';
import type { Random } from './random.ts';

/** Addresses of the precompiles, by number. */
export const PRECOMPILE_NUMBERS: readonly number[] = [...Array.from({ length: 0x11 }, (_, index) => index + 1), 0x100];

type BlsG1 = ReturnType<typeof bls12_381.G1.Point.fromAffine>;
type BlsG2 = ReturnType<typeof bls12_381.G2.Point.fromAffine>;
type BnG1 = ReturnType<typeof bn254.G1.Point.fromAffine>;
type BnG2 = ReturnType<typeof bn254.G2.Point.fromAffine>;

/** Input for a precompile: mostly a good one, with infinity, points outside of the subgroup and spoiled bytes among it. */
export function randomPrecompileInput(random: Random, number: number): Uint8Array {
  const input = goodInput(random, number);
  if (random.chance(75) || input.length === 0) return input;
  if (random.chance(30)) return input.subarray(0, random.below(input.length));
  if (random.chance(20)) return concatBytes(input, random.bytes(1 + random.below(40)));
  const spoiled = input.slice();
  spoiled[random.below(input.length)] = random.below(256);
  return spoiled;
}

function goodInput(random: Random, number: number): Uint8Array {
  switch (number) {
    case 0x01:
      return signature(random);
    case 0x05:
      return powerInput(random);
    case 0x06:
      return concatBytes(bnG1(random), bnG1(random));
    case 0x07:
      return concatBytes(bnG1(random), word(random.word()));
    case 0x08:
      return bnPairs(random);
    case 0x09:
      return concatBytes(bigintToBytes(BigInt(random.below(30)), 4), random.bytes(208), Uint8Array.of(random.below(2)));
    case 0x0a:
      return kzgProof(random);
    case 0x0b:
      return concatBytes(blsG1(random), blsG1(random));
    case 0x0c:
      return repeat(1 + random.below(4), () => concatBytes(blsG1(random), word(random.word())));
    case 0x0d:
      return concatBytes(blsG2(random), blsG2(random));
    case 0x0e:
      return repeat(1 + random.below(3), () => concatBytes(blsG2(random), word(random.word())));
    case 0x0f:
      return blsPairs(random);
    case 0x10:
      return blsField(random);
    case 0x11:
      return concatBytes(blsField(random), blsField(random));
    case 0x100:
      return p256Signature(random);
    default:
      return random.bytes(random.below(200));
  }
}

function repeat(times: number, make: () => Uint8Array): Uint8Array {
  return concatBytes(...Array.from({ length: times }, make));
}

function word(value: bigint): Uint8Array {
  return bigintToBytes(BigInt.asUintN(256, value), 32);
}

/** 1 … 2^64 or so: below every group's order. */
function scalar(random: Random): bigint {
  return random.chance(20) ? 1n : 1n + BigInt(random.next()) * BigInt(random.next());
}

function signature(random: Random): Uint8Array {
  const digest = random.bytes(32);
  const { yParity, r, s } = signDigest(digest, word(scalar(random)));
  return concatBytes(digest, word(27n + BigInt(yParity)), word(r), word(s));
}

function powerInput(random: Random): Uint8Array {
  const length = (): number => (random.chance(5) ? random.pick([0, 1_024, 1_025]) : random.below(70));
  const [base, exponent, modulus] = [length(), length(), length()];
  const bytes = random.bytes(base + exponent + modulus);
  // An even, a small or a zero modulus takes other ways through an implementation than an odd one.
  if (random.chance(30)) bytes.fill(0, base + exponent, base + exponent + random.below(modulus + 1));
  if (random.chance(50) && modulus > 0) bytes[bytes.length - 1] = random.pick([0, 1, 2, 0xff]);
  return concatBytes(word(BigInt(base)), word(BigInt(exponent)), word(BigInt(modulus)), bytes);
}

function bnG1(random: Random): Uint8Array {
  return random.chance(10) ? new Uint8Array(64) : encodeBnG1(bn254.G1.Point.BASE.multiply(scalar(random)));
}

function encodeBnG1(point: BnG1): Uint8Array {
  const { x, y } = point.toAffine();
  return concatBytes(word(x), word(y));
}

function encodeBnG2(point: BnG2): Uint8Array {
  const { x, y } = point.toAffine();
  return concatBytes(word(x.c1), word(x.c0), word(y.c1), word(y.c0));
}

/** e(aG, bH) · e(−abG, H), which is one, or spoiled by a pair more. */
function bnPairs(random: Random): Uint8Array {
  if (random.chance(10)) return new Uint8Array(192 * random.below(3));
  const [g1, g2] = [bn254.G1.Point.BASE, bn254.G2.Point.BASE];
  const [a, b] = [scalar(random), scalar(random)];
  const parts = [g1.multiply(a), g1.multiply(a).multiply(b).negate()].map(encodeBnG1);
  const good = concatBytes(parts[0] ?? word(0n), encodeBnG2(g2.multiply(b)), parts[1] ?? word(0n), encodeBnG2(g2));
  if (random.chance(60)) return good;
  if (random.chance(30)) return concatBytes(good, bnG1(random), bnTwistPoint(random));
  return concatBytes(good, bnG1(random), random.chance(50) ? new Uint8Array(128) : encodeBnG2(g2));
}

/** On the twist, but with all but no chance in the subgroup. */
function bnTwistPoint(random: Random): Uint8Array {
  const { Fp2 } = bn254.fields;
  for (;;) {
    const x = Fp2.fromBigTuple([BigInt(random.next()), BigInt(random.next())]);
    const y = attempt(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b)));
    if (y !== null) return encodeBnG2(bn254.G2.Point.fromAffine({ x, y }));
  }
}

/** A good proof for a polynomial of degree 1 or 0, now and then with another value. */
function kzgProof(random: Random): Uint8Array {
  const slope = random.chance(20) ? 0n : scalar(random);
  const input = linearKzgProof(scalar(random), slope, scalar(random));
  if (random.chance(20)) input.set(word(scalar(random)), 64);
  return input;
}

function blsField(random: Random): Uint8Array {
  const { ORDER } = bls12_381.fields.Fp;
  const value = random.chance(20) ? random.pick([0n, 1n, ORDER - 1n, ORDER]) : random.word() * random.word();
  return bigintToBytes(value % (1n << 381n), 64);
}

function blsG1(random: Random): Uint8Array {
  if (random.chance(10)) return new Uint8Array(128);
  return encodeBlsG1(
    random.chance(10) ? blsG1OutsideSubgroup(random) : bls12_381.G1.Point.BASE.multiply(scalar(random)),
  );
}

function blsG2(random: Random): Uint8Array {
  if (random.chance(10)) return new Uint8Array(256);
  return encodeBlsG2(
    random.chance(10) ? blsG2OutsideSubgroup(random) : bls12_381.G2.Point.BASE.multiply(scalar(random)),
  );
}

function encodeBlsG1(point: BlsG1): Uint8Array {
  const { x, y } = point.toAffine();
  return concatBytes(bigintToBytes(x, 64), bigintToBytes(y, 64));
}

function encodeBlsG2(point: BlsG2): Uint8Array {
  const { x, y } = point.toAffine();
  return concatBytes(...[x.c0, x.c1, y.c0, y.c1].map((part) => bigintToBytes(part, 64)));
}

/** On the curve, but with all but no chance in the subgroup. */
function blsG1OutsideSubgroup(random: Random): BlsG1 {
  const { Fp } = bls12_381.fields;
  for (;;) {
    const x = BigInt(random.next());
    const y = attempt(() => Fp.sqrt(x * x * x + 4n));
    if (y !== null) return bls12_381.G1.Point.fromAffine({ x, y });
  }
}

function blsG2OutsideSubgroup(random: Random): BlsG2 {
  const { Fp2 } = bls12_381.fields;
  for (;;) {
    const x = Fp2.fromBigTuple([BigInt(random.next()), BigInt(random.next())]);
    const y = attempt(() => Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), Fp2.fromBigTuple([4n, 4n]))));
    if (y !== null) return bls12_381.G2.Point.fromAffine({ x, y });
  }
}

function blsPairs(random: Random): Uint8Array {
  const [g1, g2] = [bls12_381.G1.Point.BASE, bls12_381.G2.Point.BASE];
  const [a, b] = [scalar(random), scalar(random)];
  const left = concatBytes(encodeBlsG1(g1.multiply(a)), encodeBlsG2(g2.multiply(b)));
  const right = concatBytes(encodeBlsG1(g1.multiply(a).multiply(b).negate()), encodeBlsG2(g2));
  const good = concatBytes(left, right);
  return random.chance(60) ? good : concatBytes(good, blsG1(random), blsG2(random));
}

function p256Signature(random: Random): Uint8Array {
  const secretKey = word(scalar(random));
  const digest = keccak256(random.bytes(8));
  const made = p256.sign(digest, secretKey, { prehash: false, lowS: random.chance(50) });
  if (random.chance(5)) made.set(hexToBytes(`0x${p256.Point.CURVE().n.toString(16)}`), 32 * random.below(2));
  return concatBytes(digest, made, p256.getPublicKey(secretKey, false).subarray(1));
}

/** The library reports a number without a root by throwing. */
function attempt<T>(find: () => T): T | null {
  try {
    return find();
  } catch {
    return null;
  }
}
