import { beforeEach, describe, expect, test } from '@jest/globals';
import { ChainWatch, whyHalted } from '../src/devnet/chain-watch.ts';
import { HALT_AFTER_MS, WATCH_INTERVAL_MS } from '../src/limits.ts';
import { createLogger, parseLogLevels } from '../src/logger.ts';
import type { ChainFacts } from '../src/rpc-backend/chain-facts.ts';

const BUSY: ChainFacts = {
  head: 7n,
  validators: 4,
  running: 4,
  connected: 4,
  hasWork: true,
  transactions: 3,
  hindrance: null,
};
const IDLE: ChainFacts = { ...BUSY, hasWork: false, transactions: 0 };
const WALL_MS = 1_700_000_000_000;

describe('why a chain has halted', () => {
  test.each([
    ['an idle one has not, however long ago its last block was', IDLE, 10 * HALT_AFTER_MS, 0, null],
    ['a busy one has a while for its next block', BUSY, HALT_AFTER_MS - 1, 0, null],
    ['and longer where blocks are meant to be far apart', BUSY, HALT_AFTER_MS + 9_999, 5_000, null],
    ['then no block is no progress', BUSY, HALT_AFTER_MS, 0, 'no block for 15 seconds although there is work (3 trans'],
    ['a quorum is enough', { ...IDLE, running: 3 }, 0, 0, null],
    ['one less is not, even if nobody wants a block', { ...IDLE, running: 2 }, 0, 0, '2 of 4, 3 are needed'],
    ['nobody at all', { ...IDLE, running: 0 }, 0, 0, '0 of 4, 3 are needed'],
    ['a majority that reach one another is enough', { ...IDLE, connected: 3 }, 0, 0, null],
    ['two halves are not', { ...IDLE, connected: 2 }, 0, 0, 'partitioned: 2 of 4 validators reach one another'],
    [
      'what was done on purpose is named',
      { ...BUSY, hindrance: 'validator 3 is corrupted' },
      HALT_AFTER_MS,
      0,
      'validator 3',
    ],
    ['of five, four are needed', { ...IDLE, validators: 5, running: 3 }, 0, 0, '3 of 5, 4 are needed'],
  ])('%s', (_, facts, stalledMs, blockTimeMs, expected) => {
    const reason = whyHalted(facts, stalledMs, blockTimeMs);
    expect(reason).toEqual(expected === null ? null : expect.stringContaining(expected));
  });
});

describe('the watch', () => {
  let nowMs = 0;
  let facts = BUSY;
  let lines: string[] = [];
  let watch: ChainWatch;

  beforeEach(() => {
    nowMs = 0;
    facts = BUSY;
    lines = [];
    const levels = parseLogLevels('info');
    if (levels === null) throw new Error('info is a level');
    const write = (line: string): number => lines.push(line);
    const log = createLogger({ levels, format: 'json', write, wallMs: () => 0 });
    const clock = { monotonicMs: () => nowMs, wallMs: () => WALL_MS + nowMs };
    const scheduler = { after: () => () => {}, soon: () => {} };
    watch = new ChainWatch(facts, () => facts, 0, { clock, scheduler, log });
  });

  function lookFor(ms: number): void {
    for (let passed = 0; passed < ms; passed += WATCH_INTERVAL_MS) {
      nowMs += WATCH_INTERVAL_MS;
      watch.status();
    }
  }

  test('says since when there was no block, and goes on with the next one; each is logged once', () => {
    lookFor(5_000);
    expect(watch.status()).toEqual({ kind: 'running' });
    facts = { ...BUSY, head: 8n };
    lookFor(1_000);
    const lastBlockMs = WALL_MS + nowMs;
    lookFor(HALT_AFTER_MS + 3_000);
    expect(watch.status()).toMatchObject({ kind: 'halted', head: 8n, sinceMs: lastBlockMs });
    facts = { ...BUSY, head: 9n };
    expect(watch.status()).toEqual({ kind: 'running' });
    expect(lines).toEqual([
      expect.stringContaining('the chain has halted: no block for'),
      expect.stringContaining('the chain goes on'),
    ]);
  });

  test('work that comes after a long silence has its whole time', () => {
    facts = IDLE;
    lookFor(10 * HALT_AFTER_MS);
    facts = BUSY;
    lookFor(HALT_AFTER_MS);
    expect(watch.status()).toEqual({ kind: 'running' });
  });

  test('a process that was suspended does not count the time', () => {
    lookFor(2_000);
    nowMs += 3_600_000;
    expect(watch.status()).toEqual({ kind: 'running' });
  });

  test('too few validators are a halt at once, on request', () => {
    facts = { ...IDLE, running: 2 };
    expect(watch.status()).toMatchObject({ kind: 'halted', sinceMs: WALL_MS });
    facts = IDLE;
    expect(watch.status()).toEqual({ kind: 'running' });
  });
});
