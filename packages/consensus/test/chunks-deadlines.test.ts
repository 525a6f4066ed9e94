import { describe, expect, test } from '@jest/globals';
import { shardDeadlineMs } from '../src/chunks/rules/deadline.ts';
import { isPatientHeight, proposalDeadlineMs } from '../src/index.ts';
import { endorsementOf } from '../src/testing/index.ts';
import { announcement, nodeOf, P1, viewInput, work } from './support/chunks.ts';

describe('deadlines after missed heights', () => {
  const D = 100;

  test('grow until the shard counts as down, then only patient heights are waited for', () => {
    expect([0, 1, 2].map((missed) => shardDeadlineMs(D, missed))).toEqual([100, 150, 225]);
    expect(shardDeadlineMs(2_000, 5)).toBe(8_000);
    expect(shardDeadlineMs(20_000, 3)).toBe(20_000);
    const patient = Array.from({ length: 400 }, (_, missed) => missed).filter(
      (missed) => missed >= 6 && shardDeadlineMs(D, missed) > D,
    );
    expect(patient).toEqual([8, 17, 26, 39, 58, 87, 130, 195, 292]);
    expect(patient.map((missed) => shardDeadlineMs(D, missed)).map(Math.round)).toEqual([
      2_563, 8_000, 8_450, 19_013, 42_050, 94_613, 211_250, 475_313, 58_400,
    ]);
  });

  test('a producer that is up has its turn at a patient height before long, whatever the size of the set', () => {
    const patient = Array.from({ length: 1_000 }, (_, missed) => missed).filter(isPatientHeight);
    for (const n of [4, 5, 6, 7, 8, 10, 13, 16]) {
      const producers = new Set(patient.map((missed) => missed % n));
      expect(producers.size).toBeGreaterThan(Math.floor((n - 1) / 3));
    }
  });

  test('a dead shard costs some six deadlines a height, and no wait is longer than an hour', () => {
    let waitedMs = 0;
    for (let missed = 0; missed < 10_000; missed++) waitedMs += proposalDeadlineMs(D, [0, missed]);
    expect(waitedMs / 10_000).toBeLessThan(7 * D);
    expect(Math.max(...[2 ** 16, 2 ** 17, 2 ** 40].map((missed) => shardDeadlineMs(D, missed)))).toBeLessThan(
      3_600_001,
    );
  });

  test('the longest wait decides, and the shard that missed fewest heights never counts as down', () => {
    expect(proposalDeadlineMs(D, [0, 2, 6, 500])).toBe(225);
    expect(proposalDeadlineMs(D, [0, 8])).toBe(shardDeadlineMs(D, 8));
    expect(proposalDeadlineMs(D, [7, 9])).toBe(D * 1.5 ** 7);
    expect(proposalDeadlineMs(D, [20])).toBe(D * 1.5 ** 20);
    expect(proposalDeadlineMs(D, [64])).toBe(3_600_000);
    expect(proposalDeadlineMs(D, [])).toBe(D);
  });
});

test('a step leaves the state it began with as it was', () => {
  const node = nodeOf(0);
  node.feed(work, viewInput(1n, 2));
  const before = node.state;
  const snapshot = structuredClone(before);
  const { header, chunkHash } = announcement(0, P1, 4n, 4);
  node.feed({ kind: 'built', parentHash: P1, header, chunkHash });
  node.sign();
  node.feed({ kind: 'endorsement', from: 1, endorsement: endorsementOf(announcement(0, P1, 4n, 4), 1) });
  node.feed({ kind: 'finalized', height: 4n });
  expect(before).toEqual(snapshot);
});
