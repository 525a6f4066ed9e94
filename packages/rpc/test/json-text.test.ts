import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonText, JsonTextBuilder, jsonList } from '../src/json-text.ts';
import { TextParts } from '../src/server/text-parts.ts';
import { textOf } from './support/client.ts';

/** Whole characters, of one byte and of more. */
const texts = fc.array(fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 })));

function built(pieces: readonly string[]): JsonText {
  const text = new JsonTextBuilder();
  // Some of them as texts of their own.
  for (const piece of pieces) text.add(piece.length % 2 === 0 ? piece : JsonText.of(piece));
  return text.end();
}

describe('text in pieces', () => {
  test('is UTF-8 of what it was made of, whatever the buffers it is read into', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 64 }), (pieces, size) => {
        const text = built(pieces);
        const bytes = Buffer.from(pieces.join(''), 'utf8');
        expect(text).toHaveLength(bytes.length);
        expect(textOf(text)).toBe(pieces.join(''));
        const parts = new TextParts(text);
        const read: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          const buffer = Buffer.alloc(size + 1);
          const end = parts.fill(buffer, 1);
          read.push(buffer.subarray(1, end));
        }
        expect(Buffer.concat(read)).toEqual(bytes);
      }),
    );
  });

  test('of a list is its JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), (values) => {
        expect(textOf(jsonList(values))).toBe(`[${values.join(',')}]`);
      }),
    );
  });
});
