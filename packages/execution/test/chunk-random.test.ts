import { describe, expect, test } from '@jest/globals';
import { type RandomReport, runRandomNetwork } from './support/chunk-random.ts';

/*
 * The network checks after every block that producing and executing agree and that no wei was made or lost; the report
 * checks, once nothing is in flight, that every transaction has one receipt, every message came once, in order, and no
 * value is where its account does not reside.
 */
describe('random blocks', () => {
  const reports: RandomReport[] = [];

  test('one shard: everything executes at once and no message is sent', () => {
    const report = runRandomNetwork(1, 1, 25);
    expect(report.violations).toEqual([]);
    expect(report.executedHere).toBe(report.included);
    expect(report.messages).toEqual({ call: 0, transfer: 0, credit: 0 });
    expect(report.created).toBe(0);
    expect(report.included).toBeGreaterThan(60);
  });

  for (const [seed, shardCount] of [
    [3, 2],
    [1, 3],
    [1, 4],
    [2, 4],
  ] as const) {
    test(`${shardCount} shards, seed ${seed}: conserved, exactly once, drained`, () => {
      const report = runRandomNetwork(seed, shardCount, 25);
      expect(report.violations).toEqual([]);
      expect(report.included).toBe(report.executedHere + report.dispatched);
      expect(report.dispatched).toBeGreaterThan(30);
      expect(report.failed).toBeGreaterThan(5);
      expect(report.created).toBeGreaterThan(5);
      expect(report.messages.transfer).toBeGreaterThan(5);
      expect(report.messages.credit).toBeGreaterThan(5);
      expect(report.missedChunks).toBeGreaterThan(3);
      reports.push(report);
    });
  }

  test('messages met placements that were on their way, and were forwarded', () => {
    expect(reports.reduce((sum, { forwarded }) => sum + forwarded, 0)).toBeGreaterThan(3);
  });
});
