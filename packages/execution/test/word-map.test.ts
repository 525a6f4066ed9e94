import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WordMap } from '../src/world/word-map.ts';

const LIMIT = 2n ** 256n;

describe('WordMap', () => {
  test('is a map, whatever the words', () => {
    const word = fc.oneof(
      fc.bigInt({ min: 0n, max: LIMIT - 1n }),
      fc.bigInt({ min: 0n, max: 40n }),
      // All in one bucket
      fc.bigInt({ min: 0n, max: 60n }).map((high) => (high << 64n) | 5n),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.integer()), { maxLength: 200 }), fc.array(word), (entries, others) => {
        const map = new WordMap<number>();
        const expected = new Map<bigint, number>();
        for (const [key, value] of entries) {
          map.set(key, value);
          expected.set(key, value);
        }
        expect(map.size).toBe(expected.size);
        expect(map.values()).toEqual([...expected.values()]);
        for (const key of [...expected.keys(), ...others]) expect(map.get(key)).toBe(expected.get(key));
      }),
    );
  });

  test('words that share their low bits take about as long as others', () => {
    const spread = msToUse((index) => index);
    const crowded = msToUse((index) => (index << 64n) | 5n);
    // In a `Map` it is a thousand times as long.
    expect(crowded).toBeLessThan(50 * spread + 100);
  });
});

/** To set and find 20,000 words. */
function msToUse(wordOf: (index: bigint) => bigint): number {
  const words = Array.from({ length: 20_000 }, (_, index) => wordOf(BigInt(index)));
  const map = new WordMap<bigint>();
  // CPU time: a machine that stands still for a while does not count.
  const started = process.cpuUsage();
  for (const word of words) map.set(word, word);
  const found = words.filter((word) => map.get(word) === word).length;
  const { user, system } = process.cpuUsage(started);
  expect(found).toBe(words.length);
  return (user + system) / 1_000;
}
