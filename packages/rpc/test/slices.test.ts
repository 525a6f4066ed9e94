import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createSlicer, enterTurn } from '../src/slices.ts';

/** Keeps the thread busy. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('long work of many clients gets one slice a turn, all together, and new messages come between', async () => {
  let finished = 0;
  const work = async (): Promise<void> => {
    const slice = createSlicer();
    for (let step = 0; step < 10; step++) {
      spin(2);
      await slice();
    }
    finished += 1;
  };
  const running = Array.from({ length: 20 }, work);
  let longestMs = 0;
  let entered = 0;
  while (finished < running.length) {
    const startedMs = performance.now();
    await (enterTurn(false) ?? undefined);
    entered += 1;
    await nextTurn();
    longestMs = Math.max(longestMs, performance.now() - startedMs);
  }
  await Promise.all(running);
  // 400 ms of work: without turns the first step of each alone takes 40 ms, with them a slice takes about 8.
  expect(entered).toBeGreaterThan(20);
  expect(longestMs).toBeLessThan(200);
});

test('work stops by itself once its request is aborted, with the reason', async () => {
  const request = new AbortController();
  const slice = createSlicer(request.signal);
  await slice();
  request.abort(new Error('the client is gone'));
  await expect(slice()).rejects.toThrow('the client is gone');
});
