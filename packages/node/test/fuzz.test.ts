import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { FuzzReport } from './fuzz/fuzz.ts';
import type { HaltingCases } from './fuzz/halting-cases.ts';

/** Far above what it takes, so that only a run that hangs ends here. */
const TIMEOUT_MS = 240_000;
const NODE = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin', 'node');
const MAIN = join(import.meta.dirname, 'fuzz', 'main.ts');
const SHARD_COUNTS = [1, 2, 4, 8];

interface Report {
  readonly gas: Readonly<Record<string, HaltingCases>>;
  readonly reports: readonly FuzzReport[];
}

/** In a plain Node process: inside the test runner it would take many times as long. */
function fuzz(args: readonly string[]): Promise<Report> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    execFile(NODE, [MAIN, '--json', ...args], { env, timeout: TIMEOUT_MS }, (_, out, err) => {
      if (out === '') reject(new Error(`the fuzzer printed nothing: ${err}`));
      else resolve(JSON.parse(out));
    });
  });
}

let report: Report;
let dispatching: Report;

beforeAll(async () => {
  report = await fuzz(['--transactions', '150', '--seed', '1000']);
  dispatching = await fuzz(['--transactions', '120', '--seed', '1000', '--shards', '3', '--dispatch']);
}, TIMEOUT_MS);

test('random transactions end no validator, lose no wei, and none is lost without a word', () => {
  expect(report.reports.map(({ shardCount }) => shardCount)).toEqual(SHARD_COUNTS);
  expect(report.reports.flatMap(({ wrong }) => wrong)).toEqual([]);
});

test('executed once more, as traces are, each does what its receipt says: in chunks, in sections, delivered', () => {
  // Differences are among what is wrong.
  expect(dispatching.reports.flatMap(({ wrong }) => wrong)).toEqual([]);
  for (const { replayed, executed } of [...report.reports, ...dispatching.reports]) expect(replayed).toBe(executed);
  expect(dispatching.reports[0]?.delivered).toBeGreaterThan(5);
});

test('they do what they are for: most kinds of ends come about', () => {
  for (const { shardCount, executed, failed, refused, inSections } of report.reports) {
    expect(executed - failed).toBeGreaterThan(20);
    expect(failed).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(20);
    if (shardCount > 1) expect(inSections).toBeGreaterThan(15);
  }
});

test('a refund that exceeds the work at the target costs the same on any number of shards', () => {
  const same = { delegation: '36800', refund: '23404' };
  expect(report.gas).toEqual(Object.fromEntries(SHARD_COUNTS.map((shardCount) => [shardCount, same])));
});
