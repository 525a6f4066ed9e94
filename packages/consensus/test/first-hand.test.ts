import { describe, expect, test } from '@jest/globals';
import { arrivalOf, type ChunkArrival, producerOf, producersOf } from '../src/index.ts';
import { hashOf, inTurn } from '../src/testing/index.ts';
import { announcement } from './support/chunks.ts';

const PARENT = hashOf(1);
const window = { producers: inTurn(4, 2), finalHeight: 3n };

/** With n = 4 and height 4, shard 0 is validator 0's. */
function arrival(
  from: number,
  changes: { shard?: number; height?: bigint; producer?: number } = {},
  known = 0,
): ChunkArrival {
  const { header, chunkHash } = announcement(0, PARENT, 4n, 4);
  const hashes = Array.from({ length: known }, (_, i) => hashOf(500 + i));
  return arrivalOf(window, from, { ...header, ...changes }, chunkHash, hashes);
}

describe('a chunk that came unasked', () => {
  test('is heard from its producer by rule only', () => {
    expect(arrival(0)).toBe('heard');
    expect(arrival(3)).toBe('fault');
    expect(arrival(3, { producer: 3 })).toBe('fault');
    expect(arrival(0, { height: 5n })).toBe('fault');
    expect(arrival(0, { shard: 1 })).toBe('fault');
    expect(arrival(0, { shard: 2 })).toBe('fault');
  });

  test('is heard for heights near the final one; either side may lag behind', () => {
    expect(arrival(0, { height: 0n })).toBe('ignored');
    expect(arrival(0, { height: 64n })).toBe('heard');
    expect(arrival(0, { height: 68n })).toBe('ignored');
    expect(arrival(0, { height: 2n ** 63n })).toBe('ignored');
  });

  test('is heard once, and two different ones for one place', () => {
    const { header, chunkHash } = announcement(0, PARENT, 4n, 4);
    expect(arrivalOf(window, 0, header, chunkHash, [chunkHash])).toBe('ignored');
    expect(arrival(0, {}, 1)).toBe('heard');
    expect(arrival(0, {}, 2)).toBe('ignored');
  });
});

describe('producers', () => {
  const producers = producersOf(new Uint8Array(32).fill(7), 20, 4);

  test('each shard has everyone once in n heights, in an order of its own', () => {
    for (const inOrder of producers) expect([...inOrder].sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
    expect(new Set(producers.map(String)).size).toBe(4);
    expect(producers).not.toContainEqual([...Array(20).keys()]);
  });

  test('take turns by height and are the same for everyone', () => {
    expect(producersOf(new Uint8Array(32).fill(7), 20, 4)).toEqual(producers);
    expect(producersOf(new Uint8Array(32).fill(8), 20, 4)).not.toEqual(producers);
    for (const height of [0n, 1n, 19n, 20n, 2n ** 63n]) {
      expect(producerOf(producers, 2, height)).toBe(producers[2]?.[Number(height % 20n)]);
    }
    expect(producerOf(producers, 4, 1n)).toBeNull();
  });
});
