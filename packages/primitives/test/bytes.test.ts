import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bigintToBytes, bytesToBigint, bytesToHex, compareBytes, concatBytes, equalBytes } from '../src/index.ts';

describe('bytes', () => {
  test('concatBytes copies', () => {
    const part = Uint8Array.of(1, 2);
    const joined = concatBytes(part, new Uint8Array(0), Uint8Array.of(3));
    part[0] = 9;
    expect(joined).toEqual(Uint8Array.of(1, 2, 3));
    expect(concatBytes()).toEqual(new Uint8Array(0));
  });

  test('compareBytes orders like hex text', () => {
    const bytes = fc.uint8Array({ maxLength: 4 });
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const left = bytesToHex(a);
        const right = bytesToHex(b);
        expect(compareBytes(a, b)).toBe(left === right ? 0 : left < right ? -1 : 1);
        expect(equalBytes(a, b)).toBe(left === right);
      }),
    );
  });

  test('bigints round trip at every width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.bigInt({ min: 0n, max: (1n << 320n) - 1n }), (length, seed) => {
        const value = BigInt.asUintN(length * 8, seed);
        const bytes = bigintToBytes(value, length);
        expect(bytes.length).toBe(length);
        expect(bytesToBigint(bytes)).toBe(value);
        expect(BigInt(`0x0${bytesToHex(bytes).slice(2)}`)).toBe(value);
      }),
    );
  });

  test('a bigint that does not fit is a bug', () => {
    for (const [value, length] of [
      [256n, 1],
      [-1n, 32],
      [1n << 256n, 32],
      [-1n, 8],
      [1n << 64n, 8],
      [1n, 0],
    ] as const) {
      expect(() => bigintToBytes(value, length)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    }
  });
});
