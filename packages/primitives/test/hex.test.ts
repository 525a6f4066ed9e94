import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, isHex } from '../src/index.ts';

describe('hex', () => {
  test('round trip at every length around the scratch buffer', () => {
    for (const length of [0, 1, 20, 32, 255, 256, 257, 5000]) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) & 0xff);
      const hex = bytesToHex(bytes);
      expect(hex).toBe(`0x${Buffer.from(bytes).toString('hex')}`);
      expect(hexToBytes(hex)).toEqual(bytes);
      expect(hexToBytes(hex.toUpperCase().replace('0X', '0x'))).toEqual(bytes);
    }
  });

  test('a view into a larger buffer', () => {
    const large = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);
    expect(bytesToHex(large.subarray(1, 4))).toBe('0x010203');
    expect(bytesToHex(large.subarray(1, 501)).slice(0, 8)).toBe('0x010203');
  });

  test.each([
    ['', 'does not start with 0x'],
    ['00', 'does not start with 0x'],
    ['0X00', 'does not start with 0x'],
    ['0x0', 'odd'],
    ['0xg0', 'not a hexadecimal digit'],
    ['0x0g', 'not a hexadecimal digit'],
    ['0x 1', 'not a hexadecimal digit'],
    ['0x\u0130\u0131', 'not a hexadecimal digit'],
    ['0x\u{1F600}', 'not a hexadecimal digit'],
  ])('refuses %j', (text, reason) => {
    expect(() => hexToBytes(text)).toThrow(expect.objectContaining({ code: 'INVALID_HEX' }));
    expect(() => hexToBytes(text)).toThrow(reason);
  });

  test('the message of a long text stays short', () => {
    expect(() => hexToBytes(`0x${'z'.repeat(10_000)}`)).toThrow(/^.{0,250}$/);
  });

  test('isHex is what bytesToHex gives', () => {
    expect(isHex('0x')).toBe(true);
    expect(isHex('0x0a')).toBe(true);
    for (const text of ['', '0x0', '0x0A', '0X0a', '0x0g']) expect(isHex(text)).toBe(false);
    fc.assert(fc.property(fc.string(), (text) => isHex(text) === /^0x(?:[0-9a-f]{2})*$/.test(text)));
  });
});
