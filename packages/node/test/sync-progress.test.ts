import { beforeEach, expect, test } from '@jest/globals';
import { PROGRESS_MS } from '../src/limits.ts';
import { SyncProgress } from '../src/sync/sync-progress.ts';

let progress: SyncProgress;

beforeEach(() => {
  progress = new SyncProgress(100n, 0);
  progress.targeted(3_100n);
});

test('a line every few seconds, with rate and time left; a short way says nothing', () => {
  expect(progress.reached(200n, PROGRESS_MS - 1)).toBeNull();
  expect(progress.reached(1_100n, PROGRESS_MS)).toBe('block 1100 of 3100: 200 blocks/s, 10 s left');
  expect(progress.reached(1_101n, PROGRESS_MS + 1)).toBeNull();
  expect(progress.state).toEqual({ from: 100n, head: 1_101n, to: 3_100n });
});

test('the head moves on, and never back', () => {
  progress.targeted(4_000n);
  progress.targeted(3_000n);
  expect(progress.state.to).toBe(4_000n);
});

test.each([
  [101n, 'block 101 of 3100: 0.2 blocks/s, 4.2 h left'],
  [120n, 'block 120 of 3100: 4.0 blocks/s, 13 min left'],
  [100n, 'block 100 of 3100: 0.0 blocks/s, unknown left'],
  [3_100n, 'block 3100 of 3100: 600 blocks/s, 0 s left'],
])('at %s', (head, line) => {
  expect(progress.reached(head, PROGRESS_MS)).toBe(line);
});
