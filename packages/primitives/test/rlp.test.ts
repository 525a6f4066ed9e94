import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bytesToBigint,
  bytesToHex,
  decodeRlp,
  decodeUint,
  EncodedRlp,
  encodeRlp,
  encodeUint,
  hexToBytes,
  keccak256,
  keccak256OfRlp,
  MAX_RLP_DEPTH,
  type RlpItem,
} from '../src/index.ts';
import { RLP_SCRATCH_BYTES } from '../src/limits.ts';

const item: fc.Arbitrary<RlpItem> = fc.letrec<{ item: RlpItem }>((tie) => ({
  item: fc.oneof({ depthSize: 'small' }, fc.uint8Array({ maxLength: 70 }), fc.array(tie('item'), { maxLength: 5 })),
})).item;

const invalid = expect.objectContaining({ code: 'INVALID_RLP' });

describe('rlp', () => {
  test('round trip', () => {
    fc.assert(fc.property(item, (value) => expect(decodeRlp(encodeRlp(value))).toEqual(value)));
  });

  test('what decodes, encodes to the same bytes: random and mutated input', () => {
    const mutated = fc
      .tuple(item, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }))
      .map(([value, changes]) => {
        const bytes = encodeRlp(value);
        for (const [position, byte] of changes) bytes[position % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), (bytes) => {
        let value: RlpItem;
        try {
          value = decodeRlp(bytes);
        } catch (error) {
          expect(error).toEqual(invalid);
          return;
        }
        expect(encodeRlp(value)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test('an item encoded before stands for itself', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), fc.nat(), (items, position) => {
        const mixed = items.map((part, i) => (i === position % items.length ? new EncodedRlp(part) : part));
        expect(encodeRlp(mixed)).toEqual(encodeRlp(items));
        expect(encodeRlp(new EncodedRlp(items))).toEqual(encodeRlp(items));
      }),
    );
  });

  test('keccak256OfRlp hashes the encoding, whatever was hashed before', () => {
    const long = fc.integer({ min: RLP_SCRATCH_BYTES - 5, max: RLP_SCRATCH_BYTES + 5 }).map((n) => new Uint8Array(n));
    fc.assert(
      fc.property(fc.oneof(item, long), (value) => {
        expect(keccak256OfRlp(value)).toEqual(keccak256(encodeRlp(value)));
      }),
    );
  });

  test('quantities are the shortest hexadecimal form in bytes', () => {
    const quantity = fc
      .integer({ min: 1, max: 300 })
      .chain((bits) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }));
    const powers = Array.from({ length: 300 }, (_, bits) => [(1n << BigInt(bits)) - 1n, 1n << BigInt(bits)]).flat();
    const expectForm = (value: bigint): void => {
      const digits = value === 0n ? '' : value.toString(16);
      expect(bytesToHex(encodeUint(value))).toBe(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
    };
    fc.assert(fc.property(quantity, expectForm), { numRuns: 1000 });
    powers.forEach(expectForm);
  });

  test('payloads around every change of the head', () => {
    for (const length of [0, 1, 2, 54, 55, 56, 57, 255, 256, 257, 65_535, 65_536, 16_777_216]) {
      const bytes = new Uint8Array(length).fill(0x80);
      for (const value of [bytes, [bytes], [[bytes], bytes]]) {
        const encoded = encodeRlp(value);
        expect(encoded.length).toBeGreaterThan(length);
        expect(Buffer.compare(encodeRlp(decodeRlp(encoded)), encoded)).toBe(0);
      }
    }
  });

  test.each([
    ['0x', 'an item is missing'],
    ['0x8100', 'stands for itself'],
    ['0x817f', 'stands for itself'],
    ['0x8080', '1 bytes follow'],
    ['0xc08080', '2 bytes follow'],
    ['0xb801ff', 'the length fits into the first byte'],
    [`0xb90038${'00'.repeat(56)}`, 'leading zero'],
    ['0xb8', 'cut off'],
    ['0xf9ff', 'cut off'],
    ['0x83ffff', 'longer than what is there'],
    ['0xc3c3ffff', 'longer than what is there'],
    ['0xc28180', null],
    ['0xbfffffffffffffffff00', 'longer than what is there'],
    ['0xffffffffffffffffff00', 'longer than what is there'],
  ])('%s', (hex, reason) => {
    if (reason === null) expect(encodeRlp(decodeRlp(hexToBytes(hex)))).toEqual(hexToBytes(hex));
    else expect(() => decodeRlp(hexToBytes(hex))).toThrow(reason);
  });

  test('nesting has a limit, for the decoder and the encoder', () => {
    const nested = (depth: number): RlpItem => {
      let value: RlpItem = [];
      for (let i = 1; i < depth; i++) value = [value];
      return value;
    };
    const deepest = encodeRlp(nested(MAX_RLP_DEPTH));
    expect(encodeRlp(decodeRlp(deepest))).toEqual(deepest);
    expect(() => encodeRlp(nested(MAX_RLP_DEPTH + 1))).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    const length = deepest.length;
    expect(length).toBeGreaterThan(0xff);
    const tooDeep = Uint8Array.of(0xf9, length >> 8, length & 0xff, ...deepest);
    expect(() => decodeRlp(tooDeep)).toThrow('lists nest more than');
  });

  test('a Buffer decodes to plain arrays', () => {
    const decoded = decodeRlp(Buffer.from('c20102', 'hex'));
    expect(decoded).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    if (decoded instanceof Uint8Array) throw new Error('a list was encoded');
    expect(decoded.every((part) => part.constructor === Uint8Array)).toBe(true);
  });

  test('quantities', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 300n }), (value) => {
        const bytes = encodeUint(value);
        expect(bytes[0]).not.toBe(0);
        expect(bytesToBigint(bytes)).toBe(value);
        expect(decodeUint(bytes)).toBe(value);
        if (value <= 0xffffffffn) expect(encodeUint(Number(value))).toEqual(bytes);
      }),
    );
    expect(encodeUint(0)).toEqual(new Uint8Array(0));
    for (const value of [2 ** 48 - 1, 2 ** 48, Number.MAX_SAFE_INTEGER]) {
      expect(encodeUint(value)).toEqual(encodeUint(BigInt(value)));
    }
    expect(decodeUint(Uint8Array.of(0))).toBeNull();
    expect(decodeUint(Uint8Array.of(0, 1))).toBeNull();
    for (const value of [-1, 1.5, 2 ** 53, Number.NaN]) {
      expect(() => encodeUint(value)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    }
    expect(() => encodeUint(-1n)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
  });
});

const FOLDER = new URL('../../../../shared/conformance/rlp-tests/', import.meta.url);

describe('official vectors', () => {
  if (!existsSync(FOLDER)) {
    process.stderr.write('rlp: skipped the official vectors, ../shared/conformance/rlp-tests is not there\n');
    test.skip('rlp-tests', () => undefined);
    return;
  }

  test('rlptest.json: the encoding of each', () => {
    const vectors = readVectors('rlptest.json');
    for (const { name, input, output } of vectors) {
      expect([name, bytesToHex(encodeRlp(toItem(input)))]).toEqual([name, output]);
      expect([name, bytesToHex(encodeRlp(decodeRlp(hexToBytes(output))))]).toEqual([name, output]);
    }
    expect(vectors.length).toBe(28);
  });

  test('invalidRLPTest.json: each is refused', () => {
    const vectors = readVectors('invalidRLPTest.json');
    for (const { output } of vectors) expect(() => decodeRlp(hexToBytes(output))).toThrow(invalid);
    expect(vectors.length).toBe(26);
  });

  test('RandomRLPTests/example.json', () => {
    for (const { input, output } of readVectors('RandomRLPTests/example.json')) {
      expect(input).toBe('VALID');
      expect(bytesToHex(encodeRlp(decodeRlp(hexToBytes(output))))).toBe(output);
    }
  });
});

interface Vector {
  readonly name: string;
  readonly input: unknown;
  readonly output: string;
}

function readVectors(file: string): Vector[] {
  const json: Record<string, { in: unknown; out: string }> = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  return Object.entries(json).map(([name, vector]) => ({
    name,
    input: vector.in,
    output: vector.out.startsWith('0x') ? vector.out : `0x${vector.out}`,
  }));
}

/** The vectors' way to write items: text, numbers, `#` and a decimal number, lists. */
function toItem(input: unknown): RlpItem {
  if (Array.isArray(input)) return input.map(toItem);
  if (typeof input === 'number') return encodeUint(input);
  if (typeof input !== 'string') throw new Error(`cannot read ${JSON.stringify(input)}`);
  if (input.startsWith('#')) return encodeUint(BigInt(input.slice(1)));
  return new TextEncoder().encode(input);
}
