import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EpochSchedule } from '../../src/epochs/schedule.ts';

test('each height has one epoch, each epoch one boundary, and the next set is named inside', () => {
  fc.assert(
    fc.property(fc.bigInt(4n, 10_000n), fc.bigInt(1n, 10n ** 9n), (length, height) => {
      const epochs = new EpochSchedule(length);
      const epoch = epochs.epochOf(height);
      const boundary = epochs.boundaryOf(epoch);
      expect(height > epoch * length && height <= boundary).toBe(true);
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
  const epochs = new EpochSchedule(4n);
  expect(epochs.isBoundary(0n)).toBe(false);
  expect(epochs.epochAbove(0n)).toBe(0n);
  expect([1n, 4n, 5n, 8n, 9n].map((height) => epochs.epochOf(height))).toEqual([0n, 0n, 1n, 1n, 2n]);
});
