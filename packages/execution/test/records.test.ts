import { bytesToHex, equalBytes, type Hex } from '@heddle/primitives';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { INITIAL_RECORD_BYTES } from '../src/threads/limits.ts';
import { RecordReader, RecordWriter } from '../src/threads/records.ts';

type Value =
  | { readonly kind: 'u8'; readonly value: number }
  | { readonly kind: 'u32'; readonly value: number }
  | { readonly kind: 'word'; readonly value: bigint }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'hex'; readonly value: Hex };

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 255 }).map((number): Value => ({ kind: 'u8', value: number })),
  fc.integer({ min: 0, max: 0xffff_ffff }).map((number): Value => ({ kind: 'u32', value: number })),
  ...[1n, 32n, 64n, 65n, 128n, 192n, 256n].map((bits) =>
    fc.bigInt(0n, 2n ** bits - 1n).map((word): Value => ({ kind: 'word', value: word })),
  ),
  fc.uint8Array({ maxLength: 80 }).map((bytes): Value => ({ kind: 'bytes', value: bytes })),
  // Few, of two lengths, so that they come again.
  fc
    .tuple(fc.constantFrom(20, 32), fc.integer({ min: 0, max: 5 }))
    .map(([length, byte]): Value => ({ kind: 'hex', value: bytesToHex(new Uint8Array(length).fill(byte)) })),
);

function write(writer: RecordWriter, values: readonly Value[]): ArrayBuffer {
  for (const item of values) {
    if (item.kind === 'u8') writer.u8(item.value);
    else if (item.kind === 'u32') writer.u32(item.value);
    else if (item.kind === 'word') writer.word(item.value);
    else if (item.kind === 'bytes') writer.bytes(item.value);
    else writer.hex(item.value);
  }
  return writer.take();
}

function read(buffer: ArrayBuffer, values: readonly Value[]): readonly unknown[] {
  const reader = new RecordReader(buffer);
  return values.map((item) => {
    if (item.kind === 'u8') return reader.u8();
    if (item.kind === 'u32') return reader.u32();
    if (item.kind === 'word') return reader.word();
    if (item.kind === 'bytes') return Uint8Array.from(reader.bytes());
    return reader.hex((item.value.length - 2) / 2);
  });
}

describe('records', () => {
  test('what is written is read again, message after message', () => {
    fc.assert(
      fc.property(fc.array(fc.array(value)), (messages) => {
        const writer = new RecordWriter();
        for (const values of messages) {
          expect(read(write(writer, values), values)).toEqual(values.map((item) => item.value));
        }
      }),
    );
  });

  test('a message grows with what is written', () => {
    const long = new Uint8Array(3 * INITIAL_RECORD_BYTES).fill(7);
    const writer = new RecordWriter();
    writer.bytes(long);
    writer.word(2n ** 255n);
    const reader = new RecordReader(writer.take());
    expect(equalBytes(reader.bytes(), long)).toBe(true);
    expect(reader.word()).toBe(2n ** 255n);
  });

  test('a text that comes again takes four bytes', () => {
    const writer = new RecordWriter();
    const text = bytesToHex(new Uint8Array(32).fill(1));
    writer.hex(text);
    writer.hex(text);
    expect(writer.take().byteLength).toBe(4 + 32 + 4);
  });
});
