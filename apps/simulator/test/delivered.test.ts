import { expect, test } from '@jest/globals';
import { createCheckers } from '../src/checkers/checker.ts';
import { messagesArrive } from '../src/checkers/messages-arrive.ts';
import { deliveredIn, formatTotals, type Totals, whatIsMissing, withReport } from '../src/command/totals.ts';
import { planOf } from '../src/plan.ts';
import { simulatedGenesis } from '../src/world/genesis.ts';
import type { SeedReport } from '../src/world/run-seed.ts';

function report(shards: number, delivered: number, inSections: number, dispatch = true): SeedReport {
  const sums = { blocks: 20, views: 20, crashes: 0, messages: 1_000, virtualMs: 5_000 };
  const crossing = { dispatch, delivered, inSections, controls: 0 };
  return { seed: 1, scenario: 'calm', validators: 4, shards, ...sums, ...crossing, traceHash: '', violation: null };
}

function totalsOf(reports: readonly SeedReport[]): Totals {
  return reports.reduce(withReport, {});
}

test('seeds of several shards in which nothing goes between them count for nothing', () => {
  expect(whatIsMissing(totalsOf([report(2, 0, 1), report(1, 0, 0)]))).toMatch('no message');
  expect(whatIsMissing(totalsOf([report(2, 3, 0), report(1, 0, 0)]))).toMatch('no section');
  expect(whatIsMissing(totalsOf([report(2, 0, 0), report(2, 3, 1)]))).toBeNull();
  expect(whatIsMissing(totalsOf([report(2, 0, 1, false)]))).toBeNull();
  expect(whatIsMissing(totalsOf([report(1, 0, 0)]))).toBeNull();
});

test('the report says how many messages were delivered', () => {
  const totals = totalsOf([report(2, 4, 1), report(2, 3, 1)]);
  expect(deliveredIn(totals)).toBe(7);
  expect(formatTotals(totals)).toMatch(/delivered[\s\S]*\b7\b/);
});

test.each([
  [1, 0, true, false],
  [2, 0, true, true],
  [2, 0, false, false],
  [2, 1, true, false],
])(
  'a seed of %d shards that delivers %d messages, dispatch being %p, fails: %p',
  (shards, delivered, dispatch, fails) => {
    const plan = { ...planOf(1, { validators: 4, shards, scenario: 'calm' }), dispatch };
    const [checker] = createCheckers([messagesArrive], {
      plan,
      genesis: simulatedGenesis(plan),
      byzantine: new Set(),
      tried: new Map(),
      faultBound: 1,
      slowdown: 0,
      delivered,
      nowMs: () => 0,
      live: () => [],
      isBlocked: () => false,
      waiting: () => [],
    });
    const finish = expect(() => checker?.finish());
    if (fails) finish.toThrow('no message between shards was delivered');
    else finish.not.toThrow();
  },
);
