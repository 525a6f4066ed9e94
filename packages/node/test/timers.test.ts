import { createVirtualTime } from '@heddle/runtime';
import { expect, test } from '@jest/globals';
import { ViewTimers } from '../src/consensus/timers.ts';

test('one timer of each kind: setting replaces, cancelling stops, all are gone after cancelAll', () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const fired: string[] = [];
  const timers = new ViewTimers(time.scheduler, (timer, view) => fired.push(`${timer} ${view}`));
  timers.set('proposal', 1n, 10);
  timers.set('notarization', 1n, 20);
  timers.set('proposal', 2n, 15);
  expect(timers.size).toBe(2);
  time.advance(14);
  expect(fired).toEqual([]);
  time.advance(1);
  expect(fired).toEqual(['proposal 2']);
  expect(timers.size).toBe(1);
  timers.cancel('notarization');
  timers.cancel('retry');
  time.advance(100);
  expect(fired).toEqual(['proposal 2']);
  timers.set('retry', 3n, 5);
  timers.set('idle', 3n, 5);
  timers.cancelAll();
  expect(timers.size).toBe(0);
  expect(time.pending()).toBe(0);
});

test('a timer may set itself again while it fires', () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const views: bigint[] = [];
  const timers = new ViewTimers(time.scheduler, (timer, view) => {
    views.push(view);
    if (view < 3n) timers.set(timer, view + 1n, 10);
  });
  timers.set('retry', 1n, 10);
  time.advance(100);
  expect(views).toEqual([1n, 2n, 3n]);
  expect(timers.size).toBe(0);
});

test('what arrived before a timer was due is heard before it, and may still cancel it', () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const order: string[] = [];
  const timers = new ViewTimers(time.scheduler, (timer) => order.push(timer));
  timers.set('proposal', 1n, 10);
  timers.set('notarization', 1n, 10);
  // A message whose delivery is due at the same moment, as after a stall of the event loop.
  time.scheduler.after(10, () => {
    order.push('message');
    timers.cancel('notarization');
  });
  time.advance(10);
  expect(order).toEqual(['message', 'proposal']);
  expect(timers.size).toBe(0);
});

test('a timer that runs for a view can be made longer, and no other', () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const fired: string[] = [];
  const timers = new ViewTimers(time.scheduler, (timer, view) => fired.push(`${timer} ${view}`));
  timers.set('proposal', 2n, 10);
  timers.set('retry', 2n, 10);
  timers.prolong('proposal', 1n, 100);
  timers.prolong('proposal', 2n, 5);
  timers.prolong('notarization', 2n, 5);
  time.advance(14);
  expect(fired).toEqual(['retry 2']);
  timers.prolong('proposal', 2n, 5);
  time.advance(5);
  expect(fired).toEqual(['retry 2']);
  time.advance(1);
  expect(fired).toEqual(['retry 2', 'proposal 2']);
  timers.set('proposal', 3n, 10);
  timers.prolong('proposal', 3n, 10);
  time.advance(12);
  timers.cancel('proposal');
  expect(time.pending()).toBe(0);
});
