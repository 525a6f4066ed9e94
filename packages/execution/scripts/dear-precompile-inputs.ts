import { bigintToBytes, concatBytes, signDigest } from '@heddle/primitives';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bn254 } from '@noble/curves/bn254.js';
import { p256 } from '@noble/curves/nist.js';
import { linearKzgProof } from './kzg-proof.ts';

export interface PrecompileInput {
  readonly name: string;
  readonly number: number;
  readonly input: Uint8Array;
}

const LARGE_SCALAR = 2n ** 256n - 1n;

/** What takes longest for its gas: large scalars, full exponents, and the smallest inputs, whose base price is least. */
export function precompileInputs(): readonly PrecompileInput[] {
  const modexp = (length: number): PrecompileInput => ({
    name: `MODEXP, ${length} bytes each`,
    number: 5,
    input: concatBytes(...[length, length, length].map((each) => word(BigInt(each))), filled(3 * length)),
  });
  const hashes = [0, 1_024].flatMap((length) => [
    { name: `SHA-256, ${length} bytes`, number: 2, input: filled(length) },
    { name: `RIPEMD-160, ${length} bytes`, number: 3, input: filled(length) },
  ]);
  return [
    { name: 'ECRECOVER', number: 1, input: recovery() },
    ...hashes,
    ...[32, 128, 256].map(modexp),
    ...bnInputs(),
    ...[12, 100_000].map((rounds) => ({
      name: `BLAKE2F, ${rounds} rounds`,
      number: 9,
      input: concatBytes(bigintToBytes(BigInt(rounds), 4), filled(208), Uint8Array.of(1)),
    })),
    {
      name: 'KZG point evaluation',
      number: 0x0a,
      input: linearKzgProof(LARGE_SCALAR % bls12_381.fields.Fr.ORDER, 98_765n, 43_210n),
    },
    ...blsInputs(),
    { name: 'P-256 verification', number: 0x100, input: p256Signature() },
  ];
}

/** Odd at both ends, so that a modulus is neither small nor even. */
function filled(length: number): Uint8Array {
  return Uint8Array.from(
    { length },
    (_, index) => ((index * index * 31 + index * 151 + 0xf1 + (index >> 8)) & 0xff) | 1,
  );
}

function word(value: bigint): Uint8Array {
  return bigintToBytes(value, 32);
}

function recovery(): Uint8Array {
  const digest = filled(32);
  const { yParity, r, s } = signDigest(digest, word(7n));
  return concatBytes(digest, word(27n + BigInt(yParity)), word(r), word(s));
}

function bnInputs(): readonly PrecompileInput[] {
  const point = (scalar: bigint): Uint8Array => {
    const { x, y } = bn254.G1.Point.BASE.multiply(scalar).toAffine();
    return concatBytes(word(x), word(y));
  };
  const twist = (scalar: bigint): Uint8Array => {
    const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine();
    return concatBytes(...[x.c1, x.c0, y.c1, y.c0].map(word));
  };
  return [
    { name: 'bn254 addition', number: 6, input: concatBytes(point(5n), point(11n)) },
    { name: 'bn254 multiplication', number: 7, input: concatBytes(point(5n), word(LARGE_SCALAR)) },
    ...[1, 2, 16].map((pairs) => ({
      name: `bn254 pairing, ${pairs} pairs`,
      number: 8,
      input: repeated(pairs, (index) => concatBytes(point(index), twist(index + 3n))),
    })),
  ];
}

function blsInputs(): readonly PrecompileInput[] {
  const g1 = (scalar: bigint): Uint8Array => {
    const { x, y } = bls12_381.G1.Point.BASE.multiply(scalar).toAffine();
    return concatBytes(...[x, y].map((part) => bigintToBytes(part, 64)));
  };
  const g2 = (scalar: bigint): Uint8Array => {
    const { x, y } = bls12_381.G2.Point.BASE.multiply(scalar).toAffine();
    return concatBytes(...[x.c0, x.c1, y.c0, y.c1].map((part) => bigintToBytes(part, 64)));
  };
  const term = (index: bigint): Uint8Array => word(LARGE_SCALAR - index * 2n ** 250n);
  const sums = [1, 16, 128].flatMap((count) => [
    { name: `G1 sum of ${count}`, number: 0x0c, input: repeated(count, (at) => concatBytes(g1(at), term(at % 50n))) },
    { name: `G2 sum of ${count}`, number: 0x0e, input: repeated(count, (at) => concatBytes(g2(at), term(at % 50n))) },
  ]);
  const pairings = [1, 2, 16].map((pairs) => ({
    name: `BLS12-381 pairing, ${pairs} pairs`,
    number: 0x0f,
    input: repeated(pairs, (index) => concatBytes(g1(index), g2(index + 3n))),
  }));
  const field = bigintToBytes(bls12_381.fields.Fp.ORDER - 2n, 64);
  return [
    { name: 'G1 addition', number: 0x0b, input: concatBytes(g1(5n), g1(11n)) },
    { name: 'G2 addition', number: 0x0d, input: concatBytes(g2(5n), g2(11n)) },
    ...sums,
    ...pairings,
    { name: 'map to G1', number: 0x10, input: field },
    { name: 'map to G2', number: 0x11, input: concatBytes(field, field) },
  ];
}

function repeated(count: number, make: (index: bigint) => Uint8Array): Uint8Array {
  return concatBytes(...Array.from({ length: count }, (_, index) => make(BigInt(index + 1))));
}

function p256Signature(): Uint8Array {
  const [digest, secretKey] = [filled(32), word(LARGE_SCALAR / 3n)];
  const signature = p256.sign(digest, secretKey, { prehash: false });
  return concatBytes(digest, signature, p256.getPublicKey(secretKey, false).subarray(1));
}
