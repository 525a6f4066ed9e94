import type { TransactionPool } from '@heddle/mempool';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ControlQueue } from '../src/consensus/control-queue.ts';
import { WorkMonitor } from '../src/consensus/work-monitor.ts';
import { emptyBlock, withMessage } from './support/blocks.ts';
import { poolOf, transferOf } from './support/pool.ts';

const BLOCK_TIME_MS = 100;

let time: VirtualTime;
let pool: TransactionPool;
let told: boolean[];
const genesis = emptyBlock(null);
const first = emptyBlock(genesis);
const second = emptyBlock(first);

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 0 });
  pool = poolOf();
  told = [];
});

function monitor(blockTimeMs: number): WorkMonitor {
  return new WorkMonitor(genesis, blockTimeMs, {
    pool,
    control: new ControlQueue(),
    clock: time.clock,
    scheduler: time.scheduler,
    events: { workChanged: (pending) => told.push(pending) },
  });
}

describe('what counts as work', () => {
  test('an executable transaction, until it is gone', () => {
    const work = monitor(0);
    work.refresh();
    expect(told).toEqual([]);
    const transaction = transferOf(0n);
    pool.add(transaction);
    work.refresh();
    work.refresh();
    pool.drop(transaction.hash);
    work.refresh();
    expect(told).toEqual([true, false]);
    expect(work.pending).toBe(false);
  });

  test('not one behind a gap', () => {
    const work = monitor(0);
    pool.add(transferOf(1n));
    work.refresh();
    expect(told).toEqual([]);
  });

  test('undelivered messages of the tip', () => {
    const work = monitor(0);
    work.moveTip(withMessage(first));
    work.moveTip(second);
    expect(told).toEqual([true, false]);
  });

  test('a height that somebody wants, until the tip is there', () => {
    const work = monitor(0);
    work.wantHeight(2n);
    work.wantHeight(1n);
    expect(told).toEqual([true]);
    work.moveTip(first);
    expect(told).toEqual([true]);
    work.moveTip(second);
    expect(told).toEqual([true, false]);
  });
});

describe('views', () => {
  test('the engine forgets with each view, so it is told each time', () => {
    const work = monitor(0);
    work.enterView(first);
    work.enterView(first);
    pool.add(transferOf(0n));
    work.refresh();
    work.enterView(second);
    expect(told).toEqual([false, false, true, true]);
    expect(work.tip).toBe(second);
  });

  test('a parent that is not executed yet is taken for work', () => {
    const work = monitor(0);
    work.enterUnknown();
    expect(told).toEqual([true]);
    work.enterView(first);
    expect(told.at(-1)).toBe(false);
  });
});

describe('spacing', () => {
  test('after a new tip, work waits for the block time', () => {
    const work = monitor(BLOCK_TIME_MS);
    pool.add(transferOf(0n));
    work.refresh();
    expect(told).toEqual([true]);
    work.enterView(first);
    expect(told.at(-1)).toBe(false);
    time.advance(BLOCK_TIME_MS - 1);
    expect(told.at(-1)).toBe(false);
    time.advance(1);
    expect(told.at(-1)).toBe(true);
  });

  test('the same tip in another view does not start it again', () => {
    const work = monitor(BLOCK_TIME_MS);
    pool.add(transferOf(0n));
    work.enterView(first);
    time.advance(BLOCK_TIME_MS / 2);
    work.enterView(first);
    time.advance(BLOCK_TIME_MS / 2);
    expect(told.at(-1)).toBe(true);
  });

  test('without work no timer runs, nor after stop', () => {
    const work = monitor(BLOCK_TIME_MS);
    work.enterView(first);
    expect(time.pending()).toBe(0);
    pool.add(transferOf(0n));
    work.refresh();
    work.refresh();
    expect(time.pending()).toBe(1);
    work.stop();
    expect(time.pending()).toBe(0);
    pool.drop(transferOf(0n).hash);
    work.refresh();
    expect(time.pending()).toBe(0);
  });

  test('the first block needs no waiting', () => {
    const work = monitor(BLOCK_TIME_MS);
    pool.add(transferOf(0n));
    work.enterView(genesis);
    expect(told.at(-1)).toBe(true);
    expect(time.pending()).toBe(0);
  });
});
