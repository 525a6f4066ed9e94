import { proposalDeadlineMs } from '@heddle/consensus';
import { createVirtualTime, systemClock } from '@heddle/runtime';
import { describe, expect, test } from '@jest/globals';
import { missedAfter, missedAtHead } from '../src/chain/missed-heights.ts';
import { takenInTime, WorkPace } from '../src/chain/work-pace.ts';
import { Patience } from '../src/consensus/patience.ts';
import { MAX_COUNTED_MISSED_HEIGHTS } from '../src/limits.ts';
import { ShortChain, shortEpochs } from './support/short-chain.ts';

const LIMIT = 40_000_000n;

describe('how much a chunk holds', () => {
  test('what took too long shrinks the next one to its measure, what came in time doubles it up to the limit', () => {
    const pace = new WorkPace(LIMIT, 33);
    expect(pace.gas).toBe(LIMIT);
    pace.measured(33_000_000n, 660);
    expect(pace.gas).toBe(1_650_000n);
    pace.measured(1_000_000n, 10);
    expect(pace.gas).toBe(3_300_000n);
    for (let chunks = 0; chunks < 5; chunks++) pace.measured(21_000n, 33);
    expect(pace.gas).toBe(LIMIT);
    pace.measured(0n, 100_000);
    expect(pace.gas).toBe(210_000n);
    const small = new WorkPace(100_000n, 33);
    small.measured(21_000n, 100_000);
    expect(small.gas).toBe(100_000n);
  });

  test('candidates end when the time is over, and one comes in any case', () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    const taken: number[] = [];
    for (const item of takenInTime([1, 2, 3, 4], clock, 30)) {
      taken.push(item);
      nowMs += 15;
    }
    expect(taken).toEqual([1, 2]);
    expect([...takenInTime([1, 2, 3], clock, 30)]).toEqual([1, 2, 3]);
    expect([...takenInTime([1, 2, 3], clock, 0)]).toEqual([1]);
    expect([...takenInTime([], clock, 30)]).toEqual([]);
  });
});

describe('what a leader waits at the least', () => {
  const [first, second] = [`0x${'01'.repeat(32)}`, `0x${'02'.repeat(32)}`] as const;

  test('follows late chunks, fades with those in time, and has a cap', () => {
    const patience = new Patience(750);
    patience.begin(first, 1_000);
    patience.begin(first, 1_200);
    patience.arrived(first, 1_400);
    expect(patience.waitMs).toBe(500);
    patience.begin(second, 2_000);
    patience.arrived(second, 2_010);
    expect(patience.waitMs).toBe(450);
    patience.arrived(first, 60_000);
    expect(patience.waitMs).toBe(750);
  });

  test('nothing is learned from a chunk on a parent that no view was on', () => {
    const patience = new Patience(750);
    patience.arrived(first, 5_000);
    expect(patience.waitMs).toBe(0);
  });
});

describe('missed heights', () => {
  test('are the same for who has seen the blocks and who reads them after a restart', async () => {
    const short = await ShortChain.open(shortEpochs(1_000n));
    let seen = 0;
    for (const height of [1n, 5n, 70n]) {
      const block = short.grow(height);
      seen = block.shards[0]?.missed ?? -1;
      expect(seen).toBe(Math.min(Number(height), MAX_COUNTED_MISSED_HEIGHTS));
      await short.finalize(block);
      expect(missedAtHead(short.chain.store, short.chain.store.head().block, 0)).toBe(seen);
    }
    await short.close();
  });

  test('are counted without end where a deadline depends on how many there are', () => {
    expect(missedAfter(MAX_COUNTED_MISSED_HEIGHTS, null, 1)).toBe(MAX_COUNTED_MISSED_HEIGHTS);
    expect(missedAfter(MAX_COUNTED_MISSED_HEIGHTS, null, 2)).toBe(MAX_COUNTED_MISSED_HEIGHTS + 1);
    expect(proposalDeadlineMs(100, [MAX_COUNTED_MISSED_HEIGHTS])).toBe(proposalDeadlineMs(100, [1_000]));
  });
});

test('a virtual clock that stands still ends no candidates', () => {
  const { clock } = createVirtualTime({ startWallMs: 0 });
  expect([...takenInTime([1, 2, 3], clock, 1)]).toEqual([1, 2, 3]);
});
