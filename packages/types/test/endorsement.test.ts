import { bytesToHex, encodeRlp, encodeUint, hexToBytes } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeEndorsement, encodeEndorsement } from '../src/index.ts';

describe('endorsement codec', () => {
  test('golden bytes', () => {
    const endorsement = {
      shard: 1,
      parentBlockHash: `0x${'11'.repeat(32)}`,
      chunkHash: `0x${'22'.repeat(32)}`,
      signer: 300,
      signature: new Uint8Array(192).fill(0x33),
    } as const;
    const expected = `0xf9010801a0${'11'.repeat(32)}a0${'22'.repeat(32)}82012cb8c0${'33'.repeat(192)}`;
    expect(bytesToHex(encodeEndorsement(endorsement))).toBe(expected);
    expect(decodeEndorsement(hexToBytes(expected))).toEqual(endorsement);
  });

  test('every other encoding is refused, with the one typed error', () => {
    const hash = new Uint8Array(32);
    const signature = new Uint8Array(192);
    const fields = [encodeUint(0), hash, hash, encodeUint(1), signature] as const;
    const bad = [
      fields.slice(0, 4),
      [...fields, hash],
      [encodeUint(64), ...fields.slice(1)],
      [Uint8Array.of(0), ...fields.slice(1)],
      [Uint8Array.of(0, 1), ...fields.slice(1)],
      [encodeUint(0), hash.subarray(1), hash, encodeUint(1), signature],
      [encodeUint(0), hash, hash, encodeUint(1_024), signature],
      [encodeUint(0), hash, hash, encodeUint(1), signature.subarray(1)],
      [encodeUint(0), hash, [hash], encodeUint(1), signature],
      [new Uint8Array(5).fill(1), ...fields.slice(1)],
    ];
    for (const item of bad) {
      expect(() => decodeEndorsement(encodeRlp(item))).toThrow(expect.objectContaining({ code: 'INVALID_ENCODING' }));
    }
    expect(() => decodeEndorsement(Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'INVALID_ENCODING' }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeEndorsement(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_ENCODING' }));
      }),
      { numRuns: 200 },
    );
  });
});
