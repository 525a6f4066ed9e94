import type { BranchStart } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { branchesFit, EpochSchedule } from '../../src/epochs/schedule.ts';

test('each height has one epoch, each epoch one boundary, and the next set is named inside', () => {
  fc.assert(
    fc.property(fc.bigInt(4n, 10_000n), fc.bigInt(1n, 10n ** 9n), (length, height) => {
      const epochs = new EpochSchedule(length, []);
      const epoch = epochs.epochOf(height);
      const boundary = epochs.boundaryOf(epoch);
      expect(height > epoch * length && height <= boundary).toBe(true);
      expect(epochs.baseOf(epoch)).toBe(epoch * length);
      expect(epochs.periodOf(epoch)).toBe(epoch);
      expect(epochs.isBoundary(height)).toBe(height === boundary);
      expect(epochs.epochAbove(height)).toBe(height === boundary ? epoch + 1n : epoch);
      const naming = epochs.namingHeight(epoch + 1n);
      expect(epochs.epochOf(naming)).toBe(epoch);
      expect(boundary - naming).toBe(length / 2n);
      expect(boundary - naming).toBeGreaterThanOrEqual(2n);
      expect(epochs.namedAt(naming)).toBe(epoch + 1n);
      expect(epochs.namedAt(height)).toBe(height === naming ? epoch + 1n : null);
    }),
  );
});

test('genesis ends no epoch, and epoch 0 is above it', () => {
  const epochs = new EpochSchedule(4n, []);
  expect(epochs.isBoundary(0n)).toBe(false);
  expect(epochs.epochAbove(0n)).toBe(0n);
  expect([1n, 4n, 5n, 8n, 9n].map((height) => epochs.epochOf(height))).toEqual([0n, 0n, 1n, 1n, 2n]);
});

interface Branched {
  readonly length: bigint;
  readonly branches: readonly BranchStart[];
  readonly epochs: EpochSchedule;
}

/** Branches at rising heights, each in an epoch that is some above that of its block. */
const branched: fc.Arbitrary<Branched> = fc
  .tuple(fc.bigInt(4n, 12n), fc.array(fc.tuple(fc.bigInt(0n, 15n), fc.bigInt(1n, 5n)), { minLength: 1, maxLength: 6 }))
  .map(([length, steps]) => {
    const branches: BranchStart[] = [];
    for (const [up, skipped] of steps) {
      const before = branches.at(-1);
      const height = before === undefined ? up : before.height + 1n + up;
      const of = height === 0n ? 0n : new EpochSchedule(length, branches).epochOf(height);
      branches.push({ height, epoch: of + skipped });
    }
    return { length, branches, epochs: new EpochSchedule(length, branches) };
  });

describe('where the chain was taken back', () => {
  test('a new epoch begins, which no block had before; otherwise epochs end where they always did', () => {
    fc.assert(
      fc.property(branched, ({ length, branches, epochs }) => {
        expect(branchesFit(length, branches)).toBe(true);
        const starts = new Map(branches.map(({ height, epoch }) => [height, epoch]));
        const top = (branches.at(-1)?.height ?? 0n) + 3n * length;
        let before = -1n;
        for (let height = 1n; height <= top; height++) {
          const epoch = epochs.epochOf(height);
          const below = height - 1n;
          const start = starts.get(below);
          if (start !== undefined) expect(epoch).toBe(start);
          else if (below > 0n) expect(epoch - before).toBe(below % length === 0n ? 1n : 0n);
          else expect(epoch).toBe(0n);
          expect(epoch > before || (start === undefined && below % length !== 0n)).toBe(true);
          before = epoch;
          expect(epochs.epochAbove(below)).toBe(epoch);
          expect(epochs.has(epoch)).toBe(true);
          expect(epochs.periodOf(epoch)).toBe((height - 1n) / length);
          expect(epochs.baseOf(epoch) < height && height <= epochs.boundaryOf(epoch)).toBe(true);
          expect(epochs.epochOf(epochs.baseOf(epoch) + 1n)).toBe(epoch);
          expect(epochs.epochOf(epochs.boundaryOf(epoch))).toBe(epoch);
          expect(epochs.isBoundary(height)).toBe(epochs.boundaryOf(epoch) === height);
        }
      }),
    );
  });

  test('epochs that no block of this chain is of are known to be none of it', () => {
    fc.assert(
      fc.property(branched, ({ length, branches, epochs }) => {
        const newest = branches.at(-1) ?? { height: 0n, epoch: 0n };
        const there = new Set<bigint>();
        for (let height = 1n; height <= newest.height + length; height++) there.add(epochs.epochOf(height));
        for (let epoch = 0n; epoch <= newest.epoch; epoch++) expect(epochs.has(epoch)).toBe(there.has(epoch));
      }),
    );
  });

  test('who validates the blocks of a period is named in the same place as without it', () => {
    fc.assert(
      fc.property(branched, fc.bigInt(0n, 200n), ({ length, epochs }, height) => {
        expect(epochs.namedAt(height)).toBe(new EpochSchedule(length, []).namedAt(height));
        const period = epochs.periodOf(epochs.epochAbove(height));
        if (period > 0n) expect(epochs.namingHeight(period)).toBeLessThanOrEqual(height);
      }),
    );
  });

  test('an epoch that earlier blocks are of fits no branch', () => {
    expect(branchesFit(4n, [{ height: 0n, epoch: 0n }])).toBe(false);
    expect(branchesFit(4n, [{ height: 9n, epoch: 2n }])).toBe(false);
    const first = { height: 9n, epoch: 3n };
    expect(branchesFit(4n, [first, { height: 9n, epoch: 5n }])).toBe(false);
    expect(branchesFit(4n, [first, { height: 13n, epoch: 4n }])).toBe(false);
    expect(branchesFit(4n, [first, { height: 13n, epoch: 5n }])).toBe(true);
  });
});
