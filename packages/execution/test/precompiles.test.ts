import { bigintToBytes, bytesToBigint, bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import { p256 } from '@noble/curves/nist.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { precompileAt } from '../src/precompiles/index.ts';
import type { Precompile } from '../src/precompiles/precompile.ts';

function precompile(number: number): Precompile {
  const found = precompileAt(`0x${number.toString(16).padStart(40, '0')}`);
  if (found === null) throw new Error(`no precompile at ${number}`);
  return found;
}

function output(number: number, input: Uint8Array): Uint8Array {
  const bytes = precompile(number).run(input);
  if (bytes === null) throw new Error('precompile failed');
  return bytes;
}

function words(...values: readonly bigint[]): Uint8Array {
  return concatBytes(...values.map((value) => bigintToBytes(value, 32)));
}

describe('precompiles', () => {
  test('are there from 0x01 to 0x11 and at 0x100, and nowhere else', () => {
    const numbers = Array.from({ length: 0x120 }, (_, number) => number).filter(
      (number) => precompileAt(`0x${number.toString(16).padStart(40, '0')}`) !== null,
    );
    expect(numbers).toEqual([...Array.from({ length: 0x11 }, (_, index) => index + 1), 0x100]);
  });

  test('hashes and identity agree with noble', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        expect(output(2, input)).toEqual(sha256(input));
        expect(output(3, input).subarray(12)).toEqual(ripemd160(input));
        expect(output(4, input)).toEqual(input);
      }),
      { numRuns: 30 },
    );
    expect([2, 3, 4].map((number) => precompile(number).gas(new Uint8Array(33)))).toEqual([84, 840, 21]);
  });

  test('MODEXP agrees with BigInt and has the prices of EIP-7883', () => {
    const size = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(size, fc.bigInt({ min: 0n, max: 40n }), size, (base, exponent, modulus) => {
        const want = modulus === 0n ? 0n : base ** exponent % modulus;
        expect(bytesToBigint(output(5, words(32n, 32n, 32n, base, exponent, modulus)))).toBe(want);
      }),
      { numRuns: 30 },
    );
    expect(precompile(5).gas(words(1n, 1n, 1n))).toBe(500);
    expect(precompile(5).gas(words(64n, 32n, 64n, 0n, 0n, 2n ** 255n))).toBe(2 * 64 * 255);
    expect(precompile(5).gas(words(1_025n, 1n, 1n))).toBe(Number.POSITIVE_INFINITY);
  });

  test('BN254: 2·G by addition and by multiplication, and a pairing equation', () => {
    const generator = words(1n, 2n);
    const doubled = output(6, concatBytes(generator, generator));
    expect(output(7, concatBytes(generator, words(2n)))).toEqual(doubled);
    expect(output(7, concatBytes(generator, words(bn254.fields.Fr.ORDER)))).toEqual(new Uint8Array(64));
    const g2 = bn254.G2.Point.BASE.toAffine();
    const g2Bytes = words(g2.x.c1, g2.x.c0, g2.y.c1, g2.y.c0);
    const negated = words(1n, bn254.fields.Fp.ORDER - 2n);
    expect(bytesToBigint(output(8, concatBytes(generator, g2Bytes, negated, g2Bytes)))).toBe(1n);
    expect(bytesToBigint(output(8, concatBytes(generator, g2Bytes)))).toBe(0n);
    expect(precompile(6).run(words(1n, 3n))).toBeNull();
    expect(precompile(8).run(new Uint8Array(191))).toBeNull();
  });

  test('BLAKE2F with 12 rounds is the compression of BLAKE2b', () => {
    const message = utf8ToBytes('the shuttle passes');
    const iv = [0x6a09e667f3bcc908n ^ 0x01010040n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n];
    const rest = [0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
    const state = concatBytes(...[...iv, ...rest].map((half) => bigintToBytes(half, 8).reverse()));
    const block = new Uint8Array(128);
    block.set(message);
    const counter = concatBytes(bigintToBytes(BigInt(message.length), 8).reverse(), new Uint8Array(8));
    const input = concatBytes(hexToBytes('0x0000000c'), state, block, counter, Uint8Array.of(1));
    expect(bytesToHex(output(9, input))).toBe(bytesToHex(blake2b(message)));
    expect(precompile(9).gas(input)).toBe(12);
    expect(precompile(9).run(concatBytes(input.subarray(0, 212), Uint8Array.of(2)))).toBeNull();
  });

  test('P-256 takes every good signature and answers nothing to a bad one', () => {
    const secretKey = bigintToBytes(0x1234n, 32);
    const publicKey = p256.getPublicKey(secretKey, false).subarray(1);
    const hash = sha256(utf8ToBytes('lane'));
    const signature = p256.sign(hash, secretKey, { prehash: false, lowS: true });
    const s = bytesToBigint(signature.subarray(32));
    const highS = bigintToBytes(p256.Point.CURVE().n - s, 32);
    for (const each of [signature.subarray(32), highS]) {
      expect(bytesToBigint(output(0x100, concatBytes(hash, signature.subarray(0, 32), each, publicKey)))).toBe(1n);
    }
    expect(output(0x100, concatBytes(sha256(hash), signature, publicKey))).toHaveLength(0);
    expect(output(0x100, new Uint8Array(160))).toHaveLength(0);
    expect(output(0x100, new Uint8Array(3))).toHaveLength(0);
  });

  test('ECRECOVER answers nothing to what no key signed', () => {
    expect(output(1, new Uint8Array(128))).toHaveLength(0);
    expect(output(1, words(1n, 27n, 2n ** 256n - 1n, 1n))).toHaveLength(0);
  });
});
