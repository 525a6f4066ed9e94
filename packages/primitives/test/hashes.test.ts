import { describe, expect, test } from '@jest/globals';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { bytesToHex, crc32c, keccak256, keccak256Hex, sha256, utf8ToBytes } from '../src/index.ts';
import { keccak256Noble } from '../src/keccak-noble.ts';
import { loadKeccak256Wasm } from '../src/keccak-wasm.ts';

/** Around the rates of keccak256 (136) and SHA-256 (64). */
const LENGTHS = [0, 1, 31, 55, 56, 63, 64, 65, 127, 135, 136, 137, 271, 272, 273, 1000, 70_000];

describe('keccak256', () => {
  test('known hashes', () => {
    expect(keccak256Hex(new Uint8Array(0))).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
    expect(keccak256Hex(utf8ToBytes('Transfer(address,address,uint256)'))).toBe(
      '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
    );
  });

  test('WebAssembly and JavaScript agree', async () => {
    const wasm = await loadKeccak256Wasm();
    expect(wasm).not.toBeNull();
    for (const length of LENGTHS) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 11) & 0xff);
      const expected = bytesToHex(keccak_256(bytes));
      expect(wasm === null ? null : bytesToHex(wasm(bytes))).toBe(expected);
      expect(bytesToHex(keccak256Noble(bytes))).toBe(expected);
      expect(keccak256Hex(bytes)).toBe(expected);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => expect(keccak256(bytes)).toEqual(keccak_256(bytes))),
    );
  });

  test('the result is the caller’s own', () => {
    const first = keccak256(Uint8Array.of(1));
    const copy = first.slice();
    keccak256(Uint8Array.of(2));
    expect(first).toEqual(copy);
  });

  test('without WebAssembly there is no fast one, and no error', async () => {
    const load = loadKeccak256Wasm(() => Promise.reject(new Error('WebAssembly is not available')));
    await expect(load).resolves.toBeNull();
  });
});

test('sha256 agrees with noble', () => {
  for (const length of LENGTHS) {
    const bytes = new Uint8Array(length).fill(length & 0xff);
    expect(sha256(bytes)).toEqual(nobleSha256(bytes));
    expect(sha256(bytes).constructor).toBe(Uint8Array);
  }
});

describe('crc32c', () => {
  test.each([
    // RFC 3720, appendix B.4, and the usual check value.
    [utf8ToBytes('123456789'), 0xe3069283],
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [new Uint8Array(0), 0],
  ])('vector %#', (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('slices agree with bit by bit, at any length and offset', () => {
    const buffer = Uint8Array.from({ length: 80 }, (_, i) => (i * 89 + 7) & 0xff);
    for (let offset = 0; offset < 5; offset++) {
      for (let length = 0; length < 40; length++) {
        const bytes = buffer.subarray(offset, offset + length);
        expect(crc32c(bytes)).toBe(bitByBit(bytes));
      }
    }
  });
});

function bitByBit(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f63b78 : remainder >>> 1;
  }
  return ~remainder >>> 0;
}
