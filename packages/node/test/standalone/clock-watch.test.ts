import { beforeEach, expect, test } from '@jest/globals';
import { MAX_HOLD_MS } from '../../src/limits.ts';
import { ClockWatch } from '../../src/standalone/clock-watch.ts';

const NOW_SECONDS = 1_700_000_000n;
const NOW_MS = Number(NOW_SECONDS) * 1_000;

let said: string[];
let watch: ClockWatch;

beforeEach(() => {
  said = [];
  watch = new ClockWatch({ error: (text) => said.push(`error: ${text}`), info: (text) => said.push(`info: ${text}`) });
});

test('a block from further ahead than anybody would judge shows that the clock is behind, and is said once', () => {
  watch.blockFinal(NOW_SECONDS + 600n, NOW_MS);
  watch.blockFinal(NOW_SECONDS + 601n, NOW_MS + 1_000);
  expect(watch.behindMs).toBe(600_000);
  expect(said).toEqual([expect.stringMatching(/^error: .*clock is behind/)]);
  watch.blockFinal(NOW_SECONDS + 602n, NOW_MS + 602_000);
  expect(watch.behindMs).toBe(0);
  expect(said).toEqual([expect.any(String), expect.stringMatching(/^info: /)]);
});

test.each([
  ['from now', 0n],
  ['as far ahead as validators may judge', BigInt(MAX_HOLD_MS / 1_000)],
  ['that is old', -600n],
])('a block %s shows nothing', (_what, offset) => {
  watch.blockFinal(NOW_SECONDS + offset, NOW_MS);
  expect(watch.behindMs).toBe(0);
  expect(said).toEqual([]);
});
