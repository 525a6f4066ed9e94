import type { TransactionInsight } from '@heddle/node';
import { hexToBytes } from '@heddle/primitives';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type AbiBook, createAbiBook, EMPTY_BOOK, parseAbi } from '../../src/devnet/abi/abi-book.ts';
import { PLAIN } from '../../src/devnet/transaction-log/paint.ts';
import { TransactionLog } from '../../src/devnet/transaction-log/transaction-log.ts';
import { INSIGHT_WAIT_MS, MAX_LINES_A_SPAN } from '../../src/limits.ts';
import { ALICE, BOB, FakeActivity, NO_INSIGHT, reportOf } from '../support/fake-activity.ts';

let activity = new FakeActivity();
let nowMs = 0;
let timers: { readonly atMs: number; readonly task: () => void }[] = [];
let output = '';
let unwrittenBytes = 0;
let refreshes = 0;
let known: AbiBook = EMPTY_BOOK;
let onRefresh: () => void = () => {};
let failures: unknown[] = [];

beforeEach(() => {
  activity = new FakeActivity();
  nowMs = 0;
  timers = [];
  output = '';
  unwrittenBytes = 0;
  refreshes = 0;
  known = EMPTY_BOOK;
  onRefresh = () => {};
  failures = [];
});

function start(): TransactionLog {
  return new TransactionLog({
    activity,
    abis: {
      decode: (kind, data) => known.decode(kind, data),
      contractOf: (initCode) => known.contractOf(initCode),
      refresh: () => {
        refreshes++;
        onRefresh();
        return Promise.resolve();
      },
    },
    style: { paint: PLAIN, isFull: false, shardCount: 2 },
    print: (text) => {
      output += text;
    },
    unwrittenBytes: () => unwrittenBytes,
    monotonicMs: () => nowMs,
    after: (delayMs, task) => {
      const timer = { atMs: nowMs + delayMs, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    failed: (error) => failures.push(error),
  });
}

/** Time passes, and everything that can happen has happened. */
async function pass(ms: number): Promise<void> {
  nowMs += ms;
  const due = timers.filter(({ atMs }) => atMs <= nowMs);
  timers = timers.filter(({ atMs }) => atMs > nowMs);
  for (const { task } of due) task();
  await new Promise((resolve) => setImmediate(resolve));
}

/** The blocks whose transactions have lines, and other lines. */
function shown(): readonly string[] {
  return output.split('\n').map((line) => /^#\d+/.exec(line)?.[0] ?? line);
}

describe('the log of transactions', () => {
  test('keeps the order of the chain, although some are found out about later', async () => {
    start();
    const slow = Promise.withResolvers<readonly TransactionInsight[]>();
    activity.found.push(slow.promise);
    activity.execute(reportOf({ blockNumber: 1n, status: 0 }), reportOf({ blockNumber: 2n }));
    activity.execute(reportOf({ blockNumber: 3n }));
    await pass(0);
    expect(output).toBe('');
    slow.resolve([{ failure: { kind: 'halt', reason: 'out of gas' }, console: [] }, NO_INSIGHT]);
    await pass(0);
    expect(shown()).toEqual(['#1', '#2', '#3', '']);
    expect(output).toContain('failed: out of gas');
    expect(timers).toEqual([]);
  });

  test('waits for nothing for ever', async () => {
    start();
    activity.found.push(new Promise(() => {}));
    activity.execute(reportOf({ blockNumber: 1n, status: 0 }));
    activity.execute(reportOf({ blockNumber: 2n }));
    await pass(INSIGHT_WAIT_MS - 1);
    expect(output).toBe('');
    await pass(1);
    expect(shown()).toEqual(['#1', '#2', '']);
    expect(output).toContain('failed  gas');
  });

  test('a load gets some lines, and a count of the rest', async () => {
    start();
    for (let block = 1n; block <= 10n; block++) {
      activity.execute(
        ...Array.from({ length: 100 }, () => reportOf({ blockNumber: block, status: block === 9n ? 0 : 1 })),
      );
    }
    await pass(0);
    expect(shown().length).toBe(MAX_LINES_A_SPAN + 1);
    await pass(1_000);
    expect(shown().slice(MAX_LINES_A_SPAN)).toEqual(['… and 960 more in blocks 1–10 (100 failed)', '']);
    activity.execute(reportOf({ blockNumber: 11n }));
    await pass(0);
    expect(shown().slice(-2)).toEqual(['#11', '']);
  });

  test('prints nothing while nobody reads, then how much that was', async () => {
    start();
    unwrittenBytes = 2 ** 30;
    activity.execute(reportOf({ blockNumber: 1n }));
    activity.call({ method: 'eth_call', from: ALICE, to: BOB, data: new Uint8Array(), console: [] });
    for (let second = 0; second < 5; second++) await pass(1_000);
    activity.execute(reportOf({ blockNumber: 2n }));
    expect([output, timers.length]).toEqual(['', 1]);
    unwrittenBytes = 0;
    await pass(1_000);
    expect(output).toBe('… and 2 more in blocks 1–2\n');
    expect(timers).toEqual([]);
  });

  test('looks for an ABI when a selector is not known, and only then', async () => {
    start();
    onRefresh = () => {
      known = createAbiBook(parseAbi([{ type: 'function', name: 'ping', inputs: [] }]));
    };
    activity.execute(reportOf({ data: hexToBytes('0x5c36b186') }));
    await pass(0);
    expect(output).toContain('  ping()  ');
    activity.execute(reportOf({ data: hexToBytes('0x5c36b186') }), reportOf({}));
    await pass(0);
    expect(refreshes).toBe(1);
  });

  test('shows what calls log in their turn', async () => {
    start();
    const slow = Promise.withResolvers<readonly TransactionInsight[]>();
    activity.found.push(slow.promise);
    activity.execute(reportOf({}));
    activity.call({
      method: 'eth_call',
      from: ALICE,
      to: BOB,
      data: new Uint8Array(),
      console: [hexToBytes('0x51973ec9')],
    });
    slow.resolve([NO_INSIGHT]);
    await pass(0);
    expect(shown()).toEqual(['#7', 'eth_call  0xf39F…2266 → 0x7099…79C8', '    log ', '']);
  });

  test('names the shards of a transaction of the section', async () => {
    start();
    activity.execute(reportOf({ way: 'section', executedShard: null, to: ALICE, logged: [BOB] }));
    await pass(0);
    expect(output).toContain('section, shards 0 + 1');
  });

  test('stops with what it knows, and leaves nothing behind', async () => {
    const log = start();
    activity.found.push(new Promise(() => {}));
    activity.execute(...Array.from({ length: 50 }, () => reportOf({})));
    log.stop();
    expect(shown().slice(-3)).toEqual(['#7', '… and 10 more in block 7', '']);
    expect(activity.listeners).toBe(0);
    const before = output;
    await pass(10_000);
    expect([output, timers.length]).toEqual([before, 0]);
  });

  test('ends nobody when it fails', async () => {
    start();
    activity.found.push(Promise.reject(new Error('no')));
    activity.shardsOf = () => {
      throw new Error('none');
    };
    activity.execute(reportOf({}), reportOf({ way: 'section', executedShard: null }));
    await pass(0);
    expect(shown()).toEqual(['#7', '#7', '']);
    expect(failures.length).toBe(2);
  });
});
