import { describe, expect, test } from '@jest/globals';
import type { IField } from '@noble/curves/abstract/modular.js';
import type { WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  BLS_DST,
  type BlsCheck,
  bigintToBytes,
  blsAggregate,
  blsProvePossession,
  blsPublicKey,
  blsSecretKeyFromSeed,
  blsSign,
  blsVerify,
  blsVerifyAggregate,
  blsVerifyAll,
  blsVerifyPossession,
  bytesToBigint,
  concatBytes,
  isBlsSignatureEncoding,
  utf8ToBytes,
} from '../src/index.ts';

const { longSignatures } = bls12_381;
const ORDER = bls12_381.fields.Fr.ORDER;

const secretKeys = [1, 2, 3, 4].map((byte) => blsSecretKeyFromSeed(new Uint8Array(32).fill(byte)));
const publicKeys = secretKeys.map(blsPublicKey);
const message = new Uint8Array(32).fill(7);
const signatures = secretKeys.map((secretKey) => blsSign(secretKey, message));
const aggregate = blsAggregate(signatures);

const [secretKey = new Uint8Array(32)] = secretKeys;
const [publicKey = new Uint8Array(48)] = publicKeys;
const [signature = new Uint8Array(192)] = signatures;

const infinityKey = new Uint8Array(48);
infinityKey[0] = 0xc0;
const infinitySignature = new Uint8Array(192);
infinitySignature[0] = 0x40;
const infinityAggregate = new Uint8Array(96);
infinityAggregate[0] = 0xc0;
const compressedSignature = blsAggregate([signature]);

describe('against noble', () => {
  test('KeyGen of draft-irtf-cfrg-bls-signature', () => {
    for (const seed of [new Uint8Array(32).fill(1), new Uint8Array(64).fill(9)]) {
      expect(bytesToBigint(blsSecretKeyFromSeed(seed))).toBe(keyGen(seed));
    }
    expect(() => blsSecretKeyFromSeed(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }));
  });

  test('public key, signature, aggregate', () => {
    const hashed = longSignatures.hash(message, BLS_DST);
    expect(longSignatures.getPublicKey(secretKey).toBytes()).toEqual(publicKey);
    expect(longSignatures.sign(hashed, secretKey).toBytes(false)).toEqual(signature);
    expect(
      longSignatures.aggregateSignatures(signatures.map((bytes) => bls12_381.G2.Point.fromBytes(bytes))).toBytes(),
    ).toEqual(aggregate);
    expect(longSignatures.verify(aggregate, hashed, longSignatures.aggregatePublicKeys(publicKeys))).toBe(true);
  });
});

describe('verification', () => {
  test('one signature', () => {
    expect(blsVerify(publicKey, message, signature)).toBe(true);
    expect(blsVerify(publicKey, new Uint8Array(32), signature)).toBe(false);
    expect(blsVerify(publicKeys[1] ?? publicKey, message, signature)).toBe(false);
  });

  test('an aggregate needs every signer, and no other', () => {
    expect(blsVerifyAggregate(publicKeys, message, aggregate)).toBe(true);
    expect(blsVerifyAggregate([...publicKeys].reverse(), message, aggregate)).toBe(true);
    expect(blsVerifyAggregate(publicKeys.slice(1), message, aggregate)).toBe(false);
    expect(blsVerifyAggregate([...publicKeys, publicKey], message, aggregate)).toBe(false);
    expect(blsVerifyAggregate(publicKeys, new Uint8Array(32), aggregate)).toBe(false);
    expect(blsVerifyAggregate([], message, aggregate)).toBe(false);
    expect(blsVerifyAggregate([], message, infinityAggregate)).toBe(false);
  });

  test('malformed arguments are false, not an error', () => {
    const uncompressedKey = bls12_381.G1.Point.fromBytes(publicKey).toBytes(false);
    for (const bad of [
      new Uint8Array(0),
      new Uint8Array(48),
      infinityKey,
      uncompressedKey,
      signature,
      outsideGroup(),
    ]) {
      expect(blsVerify(bad, message, signature)).toBe(false);
      expect(blsVerifyAggregate([publicKey, bad], message, aggregate)).toBe(false);
      expect(blsVerifyPossession(bad, signature)).toBe(false);
    }
    const flagged = concatBytes(compressedSignature, new Uint8Array(96));
    const garbage = [new Uint8Array(0), new Uint8Array(96), new Uint8Array(192), publicKey, flagged];
    for (const bad of [...garbage, infinitySignature, compressedSignature]) {
      expect(blsVerify(publicKey, message, bad)).toBe(false);
    }
    for (const bad of [...garbage, infinityAggregate, signature]) {
      expect(blsVerifyAggregate([publicKey], message, bad)).toBe(false);
    }
  });

  /** A point that the pairing does not see: adding it to a key or signature gives a second one that verifies. */
  test('points outside the group are refused, though the pairing would accept them', () => {
    const { Fp, Fp2 } = bls12_381.fields;
    const key = bls12_381.G1.Point.fromBytes(publicKey)
      .add(unseen(bls12_381.G1.Point, (x) => x, Fp, 4n))
      .toAffine();
    for (const twisted of compressed(bigintToBytes(key.x, 48))) {
      expect(blsVerify(twisted, message, signature)).toBe(false);
      expect(blsVerifyAggregate([twisted], message, signature)).toBe(false);
    }
    const point = bls12_381.G2.Point.fromBytes(signature)
      .add(unseen(bls12_381.G2.Point, (x) => Fp2.fromBigTuple([x, 0n]), Fp2, Fp2.fromBigTuple([4n, 4n])))
      .toAffine();
    const x = concatBytes(bigintToBytes(point.x.c1, 48), bigintToBytes(point.x.c0, 48));
    for (const y of [point.y, Fp2.neg(point.y)]) {
      const twisted = concatBytes(x, bigintToBytes(y.c1, 48), bigintToBytes(y.c0, 48));
      expect(isBlsSignatureEncoding(twisted)).toBe(true);
      expect(blsVerify(publicKey, message, twisted)).toBe(false);
    }
    for (const twisted of compressed(x)) expect(blsVerifyAggregate([publicKey], message, twisted)).toBe(false);
  });

  test('keys that cancel out do not verify with the signature at infinity', () => {
    const negated = bls12_381.G1.Point.fromBytes(publicKey).negate().toBytes();
    expect(blsVerifyAggregate([publicKey, negated], message, infinityAggregate)).toBe(false);
  });

  test('a key that was parsed before gives the same answer', () => {
    const copy = publicKey.slice();
    expect(blsVerify(copy, message, signature)).toBe(true);
    copy.fill(0);
    expect(blsVerify(publicKey, message, signature)).toBe(true);
    expect(blsVerify(copy, message, signature)).toBe(false);
    blsPublicKey(secretKey).fill(0);
    expect(blsPublicKey(secretKey)).toEqual(publicKey);
  });
});

test('many at once verify when each does, and not when one does not', () => {
  const single = { kind: 'signature', publicKey, message, signature } as const;
  const sum = { kind: 'aggregate', publicKeys, message, aggregate } as const;
  expect(blsVerifyAll([])).toBe(true);
  expect(blsVerifyAll([single])).toBe(true);
  expect(blsVerifyAll([sum])).toBe(true);
  expect(blsVerifyAll([single, sum, single])).toBe(true);
  const other = blsSign(secretKey, new Uint8Array(32));
  const bad: readonly BlsCheck[] = [
    { ...single, message: new Uint8Array(32) },
    { ...single, publicKey: publicKeys[1] ?? publicKey },
    { ...single, signature: compressedSignature },
    { ...single, signature: infinitySignature },
    { ...single, publicKey: infinityKey },
    { ...sum, publicKeys: publicKeys.slice(1) },
    { ...sum, publicKeys: [] },
    { ...sum, aggregate: signature },
    { ...sum, aggregate: infinityAggregate },
    { ...sum, publicKeys: [publicKey, bls12_381.G1.Point.fromBytes(publicKey).negate().toBytes()] },
  ];
  for (const check of bad) {
    expect(blsVerifyAll([check])).toBe(false);
    expect(blsVerifyAll([single, check])).toBe(false);
    expect(blsVerifyAll([check, sum])).toBe(false);
  }
  // Each wrong, their sum right: what a check without random factors would take for good.
  const swapped = [
    { ...single, signature: other },
    { ...single, message: new Uint8Array(32), signature },
  ];
  expect(blsVerifyAll(swapped)).toBe(false);
});

describe('aggregation', () => {
  test('names the signature that does not decode', () => {
    const refused = (index: number): unknown =>
      expect.objectContaining({ code: 'INVALID_BLS_SIGNATURE', facts: expect.objectContaining({ index }) });
    expect(() => blsAggregate([])).toThrow(refused(0));
    expect(() => blsAggregate([signature, new Uint8Array(191)])).toThrow(refused(1));
    expect(() => blsAggregate([signature, signature, new Uint8Array(192)])).toThrow(refused(2));
  });

  test('a wrong part makes the whole wrong', () => {
    const wrong = blsSign(secretKey, new Uint8Array(32));
    expect(isBlsSignatureEncoding(wrong)).toBe(true);
    expect(blsVerifyAggregate(publicKeys, message, blsAggregate([wrong, ...signatures.slice(1)]))).toBe(false);
    expect(isBlsSignatureEncoding(new Uint8Array(192))).toBe(false);
    expect(isBlsSignatureEncoding(compressedSignature)).toBe(false);
    expect(isBlsSignatureEncoding(signature.subarray(1))).toBe(false);
  });
});

describe('possession', () => {
  test('proof by the holder only, for that key only', () => {
    const proof = blsProvePossession(secretKey);
    expect(blsVerifyPossession(publicKey, proof)).toBe(true);
    expect(blsVerifyPossession(publicKeys[1] ?? publicKey, proof)).toBe(false);
    expect(blsVerifyPossession(publicKey, blsSign(secretKey, publicKey))).toBe(false);
  });

  test('a rogue key verifies in an aggregate, but nobody can prove its possession', () => {
    // Attacker's public key: x·G − victim's, so that the "aggregate" of both is x·G, signed by the attacker alone.
    const attacker = bls12_381.G1.Point.fromBytes(publicKeys[1] ?? publicKey);
    const rogue = attacker.subtract(bls12_381.G1.Point.fromBytes(publicKey)).toBytes();
    const forged = blsAggregate([signatures[1] ?? signature]);
    expect(blsVerifyAggregate([publicKey, rogue], message, forged)).toBe(true);
    expect(blsVerifyPossession(rogue, blsProvePossession(secretKeys[1] ?? secretKey))).toBe(false);
  });
});

test('secret keys out of range are refused', () => {
  const refused = expect.objectContaining({
    code: 'INVALID_PRIVATE_KEY',
    facts: expect.objectContaining({ curve: 'bls12-381' }),
  });
  for (const bad of [new Uint8Array(31), new Uint8Array(32), bigintToBytes(ORDER, 32), new Uint8Array(32).fill(0xff)]) {
    expect(() => blsSign(bad, message)).toThrow(refused);
    expect(() => blsPublicKey(bad)).toThrow(refused);
    expect(() => blsProvePossession(bad)).toThrow(refused);
  }
  expect(blsPublicKey(bigintToBytes(ORDER - 1n, 32))).toHaveLength(48);
});

/** KeyGen, section 2.3 of the draft. */
function keyGen(seed: Uint8Array): bigint {
  let salt = sha256(utf8ToBytes('BLS-SIG-KEYGEN-SALT-'));
  for (;;) {
    const okm = hkdf(sha256, concatBytes(seed, Uint8Array.of(0)), salt, Uint8Array.of(0, 48), 48);
    const secret = bytesToBigint(okm) % ORDER;
    if (secret !== 0n) return secret;
    salt = sha256(salt);
  }
}

/** A compressed point of the curve of G1 that is not in the group. */
function outsideGroup(): Uint8Array {
  for (let x = 1n; ; x += 1n) {
    const bytes = bigintToBytes(x, 48);
    bytes[0] = (bytes[0] ?? 0) | 0x80;
    try {
      const point = bls12_381.G1.Point.fromBytes(bytes);
      if (!point.isTorsionFree()) return bytes;
    } catch (error) {
      if (error instanceof Error && /torsion|subgroup/.test(error.message)) return bytes;
    }
  }
}

/** order · Q for a Q on the curve y² = x³ + b outside the group: what is left lies in the cofactor's part. */
function unseen<Field>(
  Point: {
    fromAffine(affine: { readonly x: Field; readonly y: Field }): WeierstrassPoint<Field>;
    readonly ZERO: WeierstrassPoint<Field>;
  },
  toField: (x: bigint) => Field,
  field: IField<Field>,
  b: Field,
): WeierstrassPoint<Field> {
  for (let x = 1n; ; x += 1n) {
    const affineX = toField(x);
    const right = field.add(field.mul(field.sqr(affineX), affineX), b);
    if (!isSquare(field, right)) continue;
    const point = Point.fromAffine({ x: affineX, y: field.sqrt(right) });
    let result = Point.ZERO;
    let doubled = point;
    for (let rest = ORDER; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = result.add(doubled);
      doubled = doubled.double();
    }
    if (!result.is0()) return result;
  }
}

/** Both points with this x: flags for compression, and for the sign of y. */
function compressed(x: Uint8Array): Uint8Array[] {
  return [0x80, 0xa0].map((flags) => Uint8Array.of((x[0] ?? 0) | flags, ...x.subarray(1)));
}

function isSquare<Field>(field: IField<Field>, value: Field): boolean {
  try {
    return field.eql(field.sqr(field.sqrt(value)), value);
  } catch {
    return false;
  }
}
