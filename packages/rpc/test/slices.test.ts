import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createSlicer, enterTurn } from '../src/slices.ts';

/** Keeps the thread busy. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Without turns each work's first step, and then each one's next, would run before a new message. */
const WORKS = 20;

test('long work of many clients gets one slice a turn, all together, and new messages come between', async () => {
  let finished = 0;
  let steps = 0;
  const work = async (): Promise<void> => {
    const slice = createSlicer();
    for (let step = 0; step < 10; step++) {
      spin(2);
      steps += 1;
      await slice();
    }
    finished += 1;
  };
  const running = Array.from({ length: WORKS }, work);
  // In steps, not in ms: a machine that stands still for a while makes a slice shorter, never longer.
  let mostBetween = 0;
  let entered = 0;
  while (finished < running.length) {
    const before = steps;
    await (enterTurn(false) ?? undefined);
    entered += 1;
    await nextTurn();
    mostBetween = Math.max(mostBetween, steps - before);
  }
  await Promise.all(running);
  expect(entered).toBeGreaterThan(WORKS);
  expect(mostBetween).toBeLessThan(WORKS);
});

test('work stops by itself once its request is aborted, with the reason', async () => {
  const request = new AbortController();
  const slice = createSlicer(request.signal);
  await slice();
  request.abort(new Error('the client is gone'));
  await expect(slice()).rejects.toThrow('the client is gone');
});
