import { describe, expect, test } from '@jest/globals';
import { allPartitions, swapped } from '../src/twins/partitions.ts';
import { spaceWithOneTwin, spaceWithoutTwins } from '../src/twins/space.ts';
import { WIDE_STRIDE, wideIndex, wideTwins } from '../src/twins/twins.ts';

function keyOf(partitions: readonly (readonly number[])[]): string {
  return partitions.map((groups) => groups.join('')).join(' ');
}

describe('the space of Twins cases', () => {
  test('partitions are all there are: Bell and Stirling numbers', () => {
    expect([1, 2, 3, 4, 5].map((count) => allPartitions(count, count).length)).toEqual([1, 2, 5, 15, 52]);
    expect([1, 2, 3, 4].map((groups) => allPartitions(5, groups).length)).toEqual([1, 16, 41, 51]);
    expect(allPartitions(3, 3)).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
      [0, 1, 1],
      [0, 1, 2],
    ]);
    expect(swapped([0, 0, 1, 2], 0, 3)).toEqual([0, 1, 2, 1]);
  });

  test('sizes: 15⁴; 4 · (16⁴ + 8⁴) / 2; 4 · (52⁴ + 20⁴) / 2', () => {
    expect(spaceWithoutTwins().count).toBe(50_625);
    expect(spaceWithOneTwin(2).count).toBe(139_264);
    expect(wideTwins.count).toBe(14_943_232);
  });

  test('every case once, and of two mirror images one', () => {
    const space = spaceWithOneTwin(2);
    const seen = new Set<string>();
    for (let index = 0; index < space.count; index += 1) {
      const { schedule, partitions } = space.caseAt(index);
      seen.add(`${schedule.join('')} ${keyOf(partitions)}`);
    }
    expect(seen.size).toBe(space.count);
    for (let index = 0; index < space.count; index += 101) {
      const { schedule, partitions } = space.caseAt(index);
      const mirror = partitions.map((partition) => swapped(partition, 0, 4));
      const isSymmetric = keyOf(mirror) === keyOf(partitions);
      expect(seen.has(`${schedule.join('')} ${keyOf(mirror)}`)).toBe(isSymmetric);
    }
  });

  test('the sample of the wide space repeats nothing', () => {
    let [a, b] = [WIDE_STRIDE, wideTwins.count];
    while (b > 0) [a, b] = [b, a % b];
    expect(a).toBe(1);
    expect(wideIndex(0)).toBe(0);
    expect(wideIndex(3)).toBe((3 * WIDE_STRIDE) % wideTwins.count);
  });
});
