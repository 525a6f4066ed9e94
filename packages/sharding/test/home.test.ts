import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { home, homeKey, lowestKey, shardOfKey } from '../src/index.ts';
import { address } from './support/arbitraries.ts';

const shardCount = fc.integer({ min: 1, max: 64 });

describe('home', () => {
  test('is floor(S · u64(keccak256(address)[0..8]) / 2^64), by hand for one address', () => {
    // keccak256(0x00…00, 20 bytes) = 0x5380c7b7ae81a58e…
    const zero = '0x0000000000000000000000000000000000000000';
    expect(homeKey(zero)).toBe(0x5380c7b7ae81a58en);
    expect(home(zero, 1)).toBe(0);
    expect(home(zero, 2)).toBe(0);
    expect(home(zero, 4)).toBe(1);
    expect(home(zero, 64)).toBe(0x53 >> 2);
  });

  test('is a shard of the network', () => {
    fc.assert(
      fc.property(address, shardCount, (account, shards) => {
        const shard = home(account, shards);
        expect(shard).toBeGreaterThanOrEqual(0);
        expect(shard).toBeLessThan(shards);
      }),
    );
  });

  test('a split halves a range: with twice the shards an account is on one of the two halves', () => {
    fc.assert(
      fc.property(address, fc.integer({ min: 1, max: 32 }), (account, shards) => {
        expect(home(account, 2 * shards) >> 1).toBe(home(account, shards));
      }),
    );
  });

  test('the lowest key of a shard is its own and the key below is not', () => {
    for (let shards = 1; shards <= 64; shards += 1) {
      for (let shard = 0; shard < shards; shard += 1) {
        const lowest = lowestKey(shard, shards);
        expect(shardOfKey(lowest, shards)).toBe(shard);
        if (shard > 0) expect(shardOfKey(lowest - 1n, shards)).toBe(shard - 1);
      }
    }
  });

  test('spreads addresses evenly: 4 shards get between 22 % and 28 % of 4,000 each', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4_000; i += 1) {
      const shard = home(`0x${i.toString(16).padStart(40, '0')}`, 4);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) {
      expect(count).toBeGreaterThan(880);
      expect(count).toBeLessThan(1_120);
    }
  });
});
