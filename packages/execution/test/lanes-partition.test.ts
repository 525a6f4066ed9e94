import { bigintToBytes, bytesToHex } from '@heddle/primitives';
import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DisjointSets } from '../src/lanes/predict/disjoint-sets.ts';
import { type PartitionItem, partition } from '../src/lanes/predict/partition.ts';

function address(n: number): Address {
  return bytesToHex(bigintToBytes(BigInt(n), 20));
}

/** Few keys, so that items often meet. */
const key = fc.record({ n: fc.nat(12), written: fc.boolean() });
const account = key.map(({ n, written }) => ({ address: address(n), written }));
const slot = fc
  .record({ key, of: fc.nat(3) })
  .map(({ key: { n, written }, of }) => ({ address: address(of), slot: BigInt(n), written }));

const item: fc.Arbitrary<PartitionItem> = fc.record({
  prediction: fc.record({ accounts: fc.array(account, { maxLength: 3 }), slots: fc.array(slot, { maxLength: 2 }) }),
  gas: fc.nat(1_000_000),
});
const items = fc.array(item, { maxLength: 40 });
const lanes = fc.integer({ min: 1, max: 9 });

function keysOf({ prediction }: PartitionItem): readonly { readonly name: string; readonly written: boolean }[] {
  return [
    ...prediction.accounts.map(({ address: of, written }) => ({ name: of, written })),
    ...prediction.slots.map(({ address: of, slot: at, written }) => ({ name: `${of}/${at}`, written })),
  ];
}

/** Whether two items touch a key that somebody among all items writes. */
function meet(all: readonly PartitionItem[], a: PartitionItem, b: PartitionItem): boolean {
  const written = new Set(all.flatMap((one) => keysOf(one).flatMap(({ name, written: is }) => (is ? [name] : []))));
  const ofA = new Set(keysOf(a).map(({ name }) => name));
  return keysOf(b).some(({ name }) => ofA.has(name) && written.has(name));
}

/** The number of the component of each item, found by spreading it along meetings. */
function components(all: readonly PartitionItem[]): readonly number[] {
  const component = all.map((_, position) => position);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) {
        const least = Math.min(component[i] ?? 0, component[j] ?? 0);
        if (component[i] === component[j] || !meet(all, a, b)) continue;
        component[i] = least;
        component[j] = least;
        changed = true;
      }
    }
  }
  return component;
}

function writer(n: number, gas: number): PartitionItem {
  return { prediction: { accounts: [{ address: address(n), written: true }], slots: [] }, gas };
}

describe('laws of a partition', () => {
  test('every item is in exactly one lane, lanes keep the order, and none is empty', () => {
    fc.assert(
      fc.property(items, lanes, (all, count) => {
        const parts = partition(all, count);
        expect(parts.flat().sort((a, b) => a - b)).toEqual(all.map((_, position) => position));
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          expect(part).toEqual([...part].sort((a, b) => a - b));
        }
        expect(parts.length).toBeLessThanOrEqual(count);
      }),
    );
  });

  test('items that touch a key which somebody writes are in one lane', () => {
    fc.assert(
      fc.property(items, lanes, (all, count) => {
        const parts = partition(all, count);
        const laneOf = all.map((_, position) => parts.findIndex((part) => part.includes(position)));
        for (const [i, a] of all.entries()) {
          for (const [j, b] of all.entries()) if (meet(all, a, b)) expect(laneOf[i]).toBe(laneOf[j]);
        }
      }),
    );
  });

  test('as many lanes are used as there are components, and what is only read joins nobody', () => {
    fc.assert(
      fc.property(items, lanes, (all, count) => {
        expect(partition(all, count)).toHaveLength(Math.min(count, new Set(components(all)).size));
      }),
    );
  });

  test('no lane has more than the average and the heaviest component (Graham)', () => {
    fc.assert(
      fc.property(items, lanes, (all, count) => {
        const component = components(all);
        const weights = new Map<number, number>();
        for (const [i, { gas }] of all.entries()) {
          const of = component[i] ?? 0;
          weights.set(of, (weights.get(of) ?? 0) + gas);
        }
        const total = all.reduce((sum, { gas }) => sum + gas, 0);
        const bound = total / count + Math.max(0, ...weights.values());
        for (const part of partition(all, count)) {
          expect(part.reduce((sum, position) => sum + (all[position]?.gas ?? 0), 0)).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });
});

describe('disjoint sets', () => {
  test('are named by their least member', () => {
    const size = 12;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1))), (pairs) => {
        const sets = new DisjointSets(size);
        let model = Array.from({ length: size }, (_, member) => member);
        for (const [a, b] of pairs) {
          sets.unite(a, b);
          const both = [model[a] ?? a, model[b] ?? b];
          model = model.map((name) => (both.includes(name) ? Math.min(...both) : name));
        }
        expect(model.map((_, member) => sets.find(member))).toEqual(model);
      }),
    );
  });
});

describe('partition', () => {
  test('nothing to do makes no lane', () => {
    expect(partition([], 4)).toEqual([]);
  });

  test("a sender's transactions stay together and in order", () => {
    expect(partition([writer(1, 5), writer(2, 5), writer(1, 5), writer(2, 5)], 2)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('a component that outweighs all others has a lane for itself', () => {
    const all = [writer(1, 90), writer(2, 10), writer(1, 90), writer(3, 10), writer(4, 10)];
    expect(partition(all, 2)).toEqual([
      [0, 2],
      [1, 3, 4],
    ]);
  });

  test('a slot and its account are different keys, as are equal slots of different accounts', () => {
    const slotOf = (n: number): PartitionItem => ({
      prediction: { accounts: [], slots: [{ address: address(n), slot: 1n, written: true }] },
      gas: 1,
    });
    expect(partition([slotOf(1), slotOf(2), writer(1, 1)], 3)).toHaveLength(3);
  });

  test('a lane count that is none is refused', () => {
    for (const count of [0, -1, 1.5]) {
      expect(() => partition([], count)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
    }
  });
});
