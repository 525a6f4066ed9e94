import { beforeAll, describe, expect, test } from '@jest/globals';
import { play } from './support/play.ts';

/** Far above what they take, so that only a run that hangs ends here. */
const TIMEOUT_MS = 240_000;

type Report = Readonly<Record<string, unknown>>;

let report: Report;

beforeAll(async () => {
  report = await play(['epochs'], TIMEOUT_MS);
}, TIMEOUT_MS);

/** The same facts on one shard and on two. */
function expectOnBoth(name: string, facts: Report): void {
  const found = Object.fromEntries(Object.entries(report).filter(([key]) => key.startsWith(`${name}, `)));
  expect(found).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
}

test('no scenario breaks what holds for all: one block a height, no wei lost, rest in the end, nobody lost', () => {
  const broken = Object.entries(report).filter(([, facts]) => JSON.stringify(facts).includes('"error"'));
  expect(broken).toEqual([]);
  expect(Object.keys(report).length).toBeGreaterThanOrEqual(30);
});

describe('epochs with one set', () => {
  test('follow one another under traffic, each ended by a finalization of its last block', () => {
    expectOnBoth('several epochs', { atLeastFive: true, timers: 0 });
  });

  test('an idle network rests right behind a boundary, and goes on', () => {
    expectOnBoth('rest at the boundary', { epochs: '1 1 1 1', height: 6 });
  });

  test('a last block whose view does not become final is proposed again until one does', () => {
    expectOnBoth('the last block is proposed again', { again: true, laterView: true });
  });
});

describe('a change of the set', () => {
  test('who is registered in time votes in the next epoch, and is needed', () => {
    expectOnBoth('a validator joins', { inTime: true, before: 4, after: 5, alone: 0 });
  });

  test('who is registered too late waits for the one after', () => {
    expectOnBoth('a validator joins too late', { next: 4, afterNext: 5 });
  });

  test('who is removed follows and never votes again', () => {
    expectOnBoth('a validator leaves', { size: 3, voted: true, votedLater: 0, follows: true });
  });

  test('only the owner changes it', () => {
    expectOnBoth('a stranger at the registry', { sizes: '4 4 5', statuses: '0 1' });
  });
});

describe('who comes later', () => {
  test('a validator that missed three epochs climbs them, and is needed again', () => {
    expect(report['absent for three epochs, one shard']).toMatchObject({ caughtUp: true });
    expect(report['absent for three epochs, two shards']).toMatchObject({ caughtUp: true });
  });

  test('an observer starts from genesis', () => {
    expectOnBoth('an observer from genesis', { epoch: 3 });
  });

  test('forged finalizations, ex-validators and wrong epochs change nothing', () => {
    expectOnBoth('forged transitions', { moved: 0, sizes: '4 3' });
  });
});

describe('crashes', () => {
  test('one or all may be killed at any stage around a boundary, between any two writes', () => {
    expectOnBoth('all are killed around the boundary', { kills: 23 });
    expectOnBoth('one is killed around the boundary', { kills: 23 });
  });

  test('random stories end well', () => {
    const stories = Object.entries(report).filter(([name]) => name.startsWith('chaos over epochs'));
    expect(stories.map(([, facts]) => facts)).toEqual(Array(6).fill({ someExecuted: true }));
  });
});
