import { describe, expect, test } from '@jest/globals';
import { runRandomNetwork } from './support/chunk-random.ts';

/*
 * The network checks after every block that producing and executing agree and that no wei was made or lost; the report
 * checks, once nothing is in flight, that every transaction has one receipt, every message came once, in order, and every
 * account is where it resides, which both of its shards know.
 */
describe('random blocks', () => {
  test('one shard: everything executes at once, no message is sent and there is no section', () => {
    const report = runRandomNetwork(1, 1, 25, true);
    expect(report.violations).toEqual([]);
    expect(report.executedHere).toBe(report.included);
    expect(report.messages).toEqual({ call: 0, credit: 0 });
    expect(report).toMatchObject({ global: 0, listed: 0 });
    expect(report.included).toBeGreaterThan(60);
  });

  for (const [seed, shardCount] of [
    [3, 2],
    [1, 3],
    [1, 4],
    [2, 4],
  ] as const) {
    test(`${shardCount} shards, seed ${seed}: conserved, exactly once, drained`, () => {
      const report = runRandomNetwork(seed, shardCount, 25, true);
      expect(report.violations).toEqual([]);
      expect(report.included).toBe(report.executedHere + report.dispatched);
      expect(report.dispatched).toBeGreaterThan(30);
      expect(report.messages.credit).toBeGreaterThan(5);
      checkTried(report);
    });

    test(`${shardCount} shards, seed ${seed}, without dispatch: what is not local is in sections`, () => {
      const report = runRandomNetwork(seed, shardCount, 25, false);
      expect(report.violations).toEqual([]);
      expect(report.executedHere).toBe(report.included);
      expect(report.messages).toEqual({ call: 0, credit: 0 });
      expect(report.global).toBeGreaterThan(60);
      checkTried(report);
    });
  }

  /** What both are about did happen. */
  function checkTried(report: ReturnType<typeof runRandomNetwork>): void {
    expect(report.failed).toBeGreaterThan(2);
    expect(report.created).toBeGreaterThan(5);
    expect(report.listed).toBeGreaterThan(2);
    expect(report.global).toBeGreaterThan(5);
    expect(report.missedChunks).toBeGreaterThan(3);
  }
});
