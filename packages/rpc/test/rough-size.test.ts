import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../src/json.ts';
import { JsonText } from '../src/json-text.ts';
import { roughSize } from '../src/protocol/rough-size.ts';

/** Results as methods make them: hex strings, small numbers, objects and lists of what is alike. */
const { value: results } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>('0x0', `0x${'ab'.repeat(32)}`, null, true, 31_337, ''),
    fc.dictionary(fc.constantFrom('hash', 'blockNumber', 'logs'), tie('value')),
    fc.tuple(tie('value'), fc.nat(40)).map(([item, count]) => Array<JsonValue>(count).fill(item)),
  ),
}));

test('is about the length of the JSON', () => {
  fc.assert(
    fc.property(results, (value) => {
      const { length } = JSON.stringify(value);
      expect(roughSize(value)).toBeGreaterThanOrEqual(length * 0.7 - 10);
      expect(roughSize(value)).toBeLessThanOrEqual(length * 3 + 10);
    }),
  );
});

test('text that was made elsewhere has its length, and a long list is not walked through', () => {
  expect(roughSize(JsonText.of('[1,2,3]'))).toBe(7);
  let looked = 0;
  const item = (): JsonValue => ({
    get hash(): string {
      looked += 1;
      return '0x00';
    },
  });
  expect(roughSize(Array.from({ length: 1_000_000 }, item))).toBeGreaterThan(10_000_000);
  expect(looked).toBeLessThan(20);
});
