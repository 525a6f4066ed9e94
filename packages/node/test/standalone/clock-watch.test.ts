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
  expect(watch.aheadMs).toBe(-600_000);
  expect(said).toEqual([expect.stringMatching(/^error: .*clock is 600 s behind/)]);
  watch.blockFinal(NOW_SECONDS + 602n, NOW_MS + 602_000);
  expect(watch.aheadMs).toBe(0);
  expect(said).toEqual([expect.any(String), expect.stringMatching(/^info: /)]);
});

test('what validators say goes before what blocks show, and either way', () => {
  watch.blockFinal(NOW_SECONDS + 600n, NOW_MS);
  watch.peersSay(-605_000);
  expect(watch.aheadMs).toBe(-605_000);
  watch.blockFinal(NOW_SECONDS, NOW_MS);
  watch.peersSay(0);
  watch.peersSay(60_000);
  expect(said).toEqual([
    expect.stringMatching(/^error: .* 600 s behind/),
    expect.stringMatching(/^info: /),
    expect.stringMatching(/^error: .* 60 s ahead of/),
  ]);
});

test.each([
  ['from now', 0n],
  ['as far ahead as validators may judge', BigInt(MAX_HOLD_MS / 1_000)],
  ['that is old', -600n],
])('a block %s shows nothing', (_what, offset) => {
  watch.blockFinal(NOW_SECONDS + offset, NOW_MS);
  expect(watch.aheadMs).toBe(0);
  expect(said).toEqual([]);
});
