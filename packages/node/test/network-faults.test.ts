import { createMemoryHub, type PeerId } from '@heddle/network';
import { createSeededRandom, createVirtualTime } from '@heddle/runtime';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Groups, NetworkFaults } from '../src/devnet/network-faults.ts';

const PEERS: readonly PeerId[] = ['a', 'b', 'c', 'd'];

function openFaults(): NetworkFaults {
  const hub = createMemoryHub({ scheduler: createVirtualTime({ startWallMs: 0 }).scheduler });
  return new NetworkFaults(hub, PEERS, createSeededRandom(1n));
}

describe('a network with faults', () => {
  let faults: NetworkFaults;

  beforeEach(() => {
    faults = openFaults();
  });

  test('shows a partition until it is healed', () => {
    expect(faults.heal()).toBe(false);
    faults.partition([
      [0, 1],
      [2, 3],
    ]);
    expect(faults.groups).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(faults.heal()).toBe(true);
    expect(faults.groups).toBeNull();
  });

  test('shows latency while there is any, and keeps what it had if the new one is refused', () => {
    const slow = { ms: 0, jitterMs: 0, links: [{ from: 0, to: 1, ms: 50, jitterMs: 0 }] };
    faults.setLatency(slow);
    expect(faults.latency).toEqual(slow);
    expect(() => faults.setLatency({ ...slow, ms: 10_001 })).toThrow('must be in 0 … 10000 ms');
    expect(faults.latency).toEqual(slow);
    faults.setLatency({ ms: 0, jitterMs: 0, links: [] });
    expect(faults.latency).toBeNull();
  });

  test('everybody reaches everybody while there is no partition', () => {
    expect(faults.largestGroup([0, 2, 3])).toEqual([0, 2, 3]);
  });
});

test('the largest group holds only who is asked for, of one group, and no group has more of them', () => {
  const groupings: fc.Arbitrary<Groups> = fc
    .tuple(...PEERS.map(() => fc.nat(3)))
    .map((places) => [0, 1, 2, 3].map((group) => [...places.keys()].filter((index) => places[index] === group)));
  fc.assert(
    fc.property(groupings, fc.subarray([...PEERS.keys()]), (groups, running) => {
      const faults = openFaults();
      faults.partition(groups);
      const largest = faults.largestGroup(running);
      const sizes = groups.map((group) => group.filter((index) => running.includes(index)).length);
      expect(largest).toHaveLength(Math.max(...sizes));
      expect(groups.some((group) => largest.every((index) => group.includes(index)))).toBe(true);
      expect(largest.every((index) => running.includes(index))).toBe(true);
    }),
  );
});
