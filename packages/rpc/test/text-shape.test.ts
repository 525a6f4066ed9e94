import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_JSON_DEPTH, MAX_JSON_KEYS, MAX_JSON_VALUES } from '../src/limits.ts';
import { checkTextShape } from '../src/protocol/text-shape.ts';

const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
const list = (item: string, count: number): string => `[${Array<string>(count).fill(item).join()}]`;

test('any JSON of a usual size passes, whatever its strings hold', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 20 }), (text) => checkTextShape(text)));
});

test('texts that are no JSON pass or are refused, but never loop or throw anything else', () => {
  const pieces = fc.constantFrom(...'[]{}:,"\\ 0x', '\\"', '"[', 'é', '\u{1f600}');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 300 }), (parts) => {
      try {
        checkTextShape(parts.join(''));
      } catch (error) {
        expect(error).toMatchObject({ code: 'RPC_INVALID_REQUEST' });
      }
    }),
  );
});

describe('limits', () => {
  test.each([
    ['depth of arrays', nested('[', ']', MAX_JSON_DEPTH), nested('[', ']', MAX_JSON_DEPTH + 1)],
    ['depth of objects', nested('{"a":', '}', MAX_JSON_DEPTH), nested('{"a":', '}', MAX_JSON_DEPTH + 1)],
    ['values', list('0', MAX_JSON_VALUES - 1), list('0', MAX_JSON_VALUES)],
    ['empty values', list('[]', MAX_JSON_VALUES / 2 - 1), list('[]', MAX_JSON_VALUES / 2 + 1)],
    ['members', list('{"a":0}', MAX_JSON_KEYS), list('{"a":0}', MAX_JSON_KEYS + 1)],
  ])('%s: as much as is allowed, and one more', (_, most, tooMuch) => {
    expect(() => checkTextShape(most)).not.toThrow();
    expect(() => checkTextShape(tooMuch)).toThrow(/too (?:deep|much)/);
  });

  test('brackets, commas and colons in strings count for nothing, nor does an escaped quote end one', () => {
    const text = JSON.stringify(['['.repeat(1_000), ',:{"'.repeat(MAX_JSON_VALUES), '\\"[\\']);
    expect(() => checkTextShape(text)).not.toThrow();
  });

  test('siblings are not depth', () => {
    expect(() => checkTextShape(list(nested('[', ']', MAX_JSON_DEPTH - 1), 100))).not.toThrow();
  });
});
