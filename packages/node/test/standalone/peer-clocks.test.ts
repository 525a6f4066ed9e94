import { createMemoryHub, type MemoryHub, peerOf, type Transport } from '@heddle/network';
import { createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { beforeEach, expect, test } from '@jest/globals';
import { CLOCK_ROUND_MS } from '../../src/limits.ts';
import { PeerClocks } from '../../src/standalone/peer-clocks.ts';

const MINUTES_MS = 600_000;
const NAMES = [0, 1, 2, 3].map((number) => peerOf(new Uint8Array(48).fill(number + 1)));
const SELF = 0;
const HOUR_MS = 3_600_000;

let time: VirtualTime;
let hub: MemoryHub;
/** Of each validator: how far its clock is ahead of virtual time. */
let offsetsMs: number[];
/** What validator 0 was told. */
let told: number[];
let transports: Transport[];

beforeEach(() => {
  time = createVirtualTime({ startWallMs: 1_700_000_000_000 });
  hub = createMemoryHub({ scheduler: time.scheduler });
  offsetsMs = [0, 0, 0, 0];
  told = [];
  transports = NAMES.map((name) => hub.transport(name));
  for (const [index, transport] of transports.entries()) {
    const clocks: PeerClocks = new PeerClocks({
      transport,
      clock: { ...time.clock, wallMs: () => time.clock.wallMs() + (offsetsMs[index] ?? 0) },
      scheduler: time.scheduler,
      validators: () => ({ others: NAMES.filter((_, other) => other !== index), count: NAMES.length }),
      compared: (aheadMs) => {
        if (index === SELF) told.push(aheadMs);
      },
    });
    expect(clocks).toBeDefined();
  }
});

/** Starts those validators, and lets them ask. */
async function start(...indices: readonly number[]): Promise<void> {
  await Promise.all(indices.map((index) => transports[index]?.start()));
  await time.advanceAsync(1_000);
}

test.each([
  ['ahead', MINUTES_MS],
  ['behind', -MINUTES_MS],
])('a clock that is %s by ten minutes is told of', async (_what, offset) => {
  offsetsMs[SELF] = offset;
  await start(0, 1, 2, 3);
  expect(told.map(Math.sign)).toContain(Math.sign(offset));
  expect(Math.abs((told.at(-1) ?? 0) - offset)).toBeLessThan(1_000);
});

test('clocks that differ by less than validators wait for a timestamp are right', async () => {
  offsetsMs = [7_000, 0, 3_000, -900];
  await start(0, 1, 2, 3);
  expect(new Set(told)).toEqual(new Set([0]));
});

test('one that lies alone changes nothing, whatever it says', async () => {
  for (const lie of [HOUR_MS, -HOUR_MS, 2 ** 50]) {
    offsetsMs = [0, lie, 0, 0];
    await start(0, 1, 2, 3);
    await time.advanceAsync(CLOCK_ROUND_MS);
  }
  expect(new Set(told)).toEqual(new Set([0]));
});

test('of one validator alone nothing follows; the second one decides', async () => {
  offsetsMs[SELF] = MINUTES_MS;
  await start(0, 1);
  await time.advanceAsync(2 * CLOCK_ROUND_MS);
  expect(told).toEqual([]);
  await start(2);
  expect(told.at(-1)).toBeGreaterThan(MINUTES_MS - 1_000);
});

test('a clock that is set while the node runs is noticed in the next round, either way', async () => {
  await start(0, 1, 2, 3);
  offsetsMs[SELF] = -MINUTES_MS;
  await time.advanceAsync(CLOCK_ROUND_MS + 1_000);
  expect(told.at(-1)).toBeLessThan(-MINUTES_MS + 1_000);
  offsetsMs[SELF] = 0;
  await time.advanceAsync(CLOCK_ROUND_MS + 1_000);
  expect(told.at(-1)).toBe(0);
});

test('who is no validator of the set is not asked, and what is no time is no answer', async () => {
  const stranger = hub.transport(peerOf(new Uint8Array(48).fill(9)));
  stranger.onRequest('/heddle/clock/1', () => Promise.reject(new Error('it was asked')));
  await stranger.start();
  const short = hub.transport(NAMES[1] ?? '');
  transports[1] = short;
  short.onRequest('/heddle/clock/1', () => Promise.resolve(Uint8Array.of(1)));
  await start(0, 1, 2, 3);
  expect(new Set(told)).toEqual(new Set([0]));
});
