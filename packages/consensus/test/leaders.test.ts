import { quorum } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasQuorum } from '../src/engine/quorum.ts';
import { createEngine, leaderOf, seededPermutation } from '../src/index.ts';
import { timeoutMs } from '../src/rules/timers.ts';
import { engineConfigFor, Others } from '../src/testing/index.ts';

describe('leaders', () => {
  test('a seeded permutation is a permutation, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 128 }), (seed, n) => {
        const order = seededPermutation(seed, n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
        expect(seededPermutation(seed, n)).toEqual(order);
      }),
      { numRuns: 50 },
    );
  });

  test('the order is pinned: changing it is a fork', () => {
    expect(seededPermutation(new Uint8Array(32), 10)).toMatchInlineSnapshot(`
[
  8,
  4,
  0,
  3,
  2,
  9,
  6,
  7,
  5,
  1,
]
`);
  });

  test('leaders take turns', () => {
    const leaders = [2, 0, 1];
    expect([1n, 2n, 3n, 4n].map((view) => leaderOf(leaders, view))).toEqual([0, 1, 2, 0]);
  });
});

describe('quorum', () => {
  test('two quorums share an honest validator at every n, 5 and 6 included', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10].map(quorum)).toEqual([1, 2, 3, 3, 4, 5, 5, 7]);
    for (let n = 1; n <= 200; n += 1) expect(2 * quorum(n) - n).toBeGreaterThan(Math.floor((n - 1) / 3));
  });

  test('a certificate counts its bits exactly', () => {
    const skip = new Others(5).skip(1n);
    expect(hasQuorum(skip, 5)).toBe(true);
    expect(hasQuorum(new Others(5).skip(1n, [0, 1, 2]), 5)).toBe(false);
    expect(hasQuorum({ bitmap: Uint8Array.of(0b0011_1111) }, 5)).toBe(false);
    expect(hasQuorum({ bitmap: Uint8Array.of(0b0000_1111, 0) }, 5)).toBe(false);
    expect(hasQuorum({ bitmap: new Uint8Array(0) }, 5)).toBe(false);
  });
});

describe('timeouts', () => {
  test('T grows by half with every skipped view, up to the cap', () => {
    expect([0n, 1n, 2n, 3n, 100n].map((k) => timeoutMs(100, 1000, k))).toEqual([100, 150, 225, 338, 1000]);
  });
});

describe('configuration', () => {
  test.each([
    ['validatorIndex', { validatorIndex: 4 }],
    ['validatorCount', { validatorCount: 0 }],
    ['leaders', { leaders: [0, 1, 2, 2] }],
    ['deltaMs', { deltaMs: 0 }],
    ['capMs', { capMs: 99 }],
    ['maxIdleMs', { maxIdleMs: -1 }],
    ['genesisHash', { genesisHash: '0x11' as const }],
  ])('refuses a bad %s', (field, patch) => {
    expect(() => createEngine({ ...engineConfigFor(4, 0), ...patch })).toThrow(
      expect.objectContaining({ code: 'INVALID_ENGINE_CONFIG', facts: expect.objectContaining({ field }) }),
    );
  });
});
