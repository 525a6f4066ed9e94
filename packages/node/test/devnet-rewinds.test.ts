import { beforeAll, expect, test } from '@jest/globals';
import { play } from './support/play.ts';

/** Far above what they take, so that only a run that hangs ends here. */
const TIMEOUT_MS = 240_000;

let report: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  const words = ['there', 'branches', 'stopped', 'restarted', 'damaged', 'dumped', 'killed', 'many'];
  report = await play(words, TIMEOUT_MS, 'rewinds/main.ts');
}, TIMEOUT_MS);

/** The same facts on one shard and on two. */
function expectOnBoth(name: string, facts: Readonly<Record<string, unknown>>): void {
  const found = Object.fromEntries(Object.entries(report).filter(([key]) => key.startsWith(`${name}, `)));
  expect(found).toEqual({ [`${name}, one shard`]: facts, [`${name}, two shards`]: facts });
}

test('a revert takes state, blocks, transactions and pool back, and its snapshot with all later ones', () => {
  expectOnBoth('there and back', { ids: '1 2 3', unknown: false, heads: '2' });
});

test('branches at, before and behind boundaries each have an epoch above all before', () => {
  expectOnBoth('branches over boundaries', { height: 24, rising: true });
});

test('validators that are stopped meanwhile are taken back too, and those that were behind climb over the branch', () => {
  expectOnBoth('stopped meanwhile', { height: 11, paid: 5 });
});

test('a devnet with a data directory goes on where it was taken, one that lost its chain from genesis', () => {
  expectOnBoth('restarted', { height: 3, paid: 1 });
});

test('a validator that could not be taken back with the others begins anew', () => {
  expectOnBoth('damaged meanwhile', { height: 7, running: 4 });
});

test('a dump is the same chain on this network after a reset, and on another', () => {
  expectOnBoth('dumped and loaded', { paid: 7, unknown: false });
});

test('a kill at any step leaves all validators before it or after it', () => {
  const killed = ['revert', 'reset', 'load'].map((kind) => report[`killed in a ${kind}`]);
  expect(killed).toEqual(Array(3).fill({ several: true }));
});

test('300 snapshots, each with some blocks and a revert, leave nothing in memory', () => {
  expect(report['many cycles']).toEqual({ height: 1, grows: 'no' });
});
