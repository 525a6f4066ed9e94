import { describe, expect, test } from '@jest/globals';
import { createSeededRandom, secureRandom } from '../src/index.ts';

describe('seeded random', () => {
  test('the same seed gives the same sequence, another seed another', () => {
    const draw = (seed: bigint | number): number[] => {
      const random = createSeededRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7n));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(-1)).toEqual(draw(2n ** 64n - 1n));
  });

  test('golden values: the sequence is part of every recorded seed', () => {
    const random = createSeededRandom(1);
    expect(Buffer.from(random.bytes(16)).toString('hex')).toBe('ba4109650103d35421f3d225a9dcab3f');
    expect(random.next()).toBe(0.16688351314326166);
  });

  test('numbers are spread over [0, 1)', () => {
    const random = createSeededRandom(42);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      const bucket = Math.floor(value * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('secure random', () => {
  test('gives numbers in [0, 1) and bytes of the length asked for', () => {
    for (let i = 0; i < 100; i++) {
      const value = secureRandom.next();
      expect(value >= 0 && value < 1).toBe(true);
    }
    expect(secureRandom.bytes(32)).toHaveLength(32);
    expect(secureRandom.bytes(32)).not.toEqual(secureRandom.bytes(32));
    expect(secureRandom.bytes(0)).toHaveLength(0);
  });
});

test('both refuse lengths out of range', () => {
  for (const random of [secureRandom, createSeededRandom(1)]) {
    for (const length of [-1, 1.5, Number.NaN, 2 ** 30]) {
      expect(() => random.bytes(length)).toThrow(expect.objectContaining({ code: 'INVALID_BYTE_LENGTH' }));
    }
  }
});
