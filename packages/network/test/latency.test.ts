import { createSeededRandom, createVirtualTime } from '@heddle/runtime';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryHub, type Latency, NO_LATENCY } from '../src/index.ts';
import { MAX_LATENCY_MS, MAX_QUEUED_MESSAGES } from '../src/limits.ts';
import { checkLatency, delayOf } from '../src/memory/latency.ts';

const peer = fc.constantFrom('a', 'b', 'c');
const delay = fc.record({ ms: fc.nat(MAX_LATENCY_MS / 2), jitterMs: fc.nat(MAX_LATENCY_MS / 2) });
const links = fc.array(fc.tuple(delay, peer, peer).map(([time, from, to]) => ({ ...time, from, to })));
const latencies: fc.Arbitrary<Latency> = fc.tuple(delay, links).map(([time, each]) => ({ ...time, links: each }));
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a frame takes what its direction says, or else what every link takes, and jitter is added only', () => {
  fc.assert(
    fc.property(latencies, peer, peer, draws, (latency, from, to, draw) => {
      const named = latency.links.filter((link) => link.from === from && link.to === to);
      const { ms, jitterMs } = named.at(-1) ?? latency;
      const taken = delayOf(latency, from, to, () => draw);
      expect(taken).toBeGreaterThanOrEqual(ms);
      expect(taken).toBeLessThanOrEqual(ms + jitterMs);
      expect(Number.isInteger(taken)).toBe(true);
    }),
  );
});

test('jitter reaches both of its ends, and nothing is drawn without it', () => {
  const latency = { ...NO_LATENCY, ms: 10, jitterMs: 5 };
  expect(delayOf(latency, 'a', 'b', () => 0)).toBe(10);
  expect(delayOf(latency, 'a', 'b', () => 0.999)).toBe(15);
  const draw = (): number => {
    throw new Error('drawn');
  };
  expect(delayOf({ ...latency, jitterMs: 0 }, 'a', 'b', draw)).toBe(10);
});

describe('what no latency may be', () => {
  test.each<Partial<Latency>>([
    { ms: -1 },
    { ms: Number.NaN },
    { ms: MAX_LATENCY_MS + 1 },
    { jitterMs: -1 },
    { ms: MAX_LATENCY_MS, jitterMs: 1 },
    { links: [{ from: 'a', to: 'b', ms: MAX_LATENCY_MS + 1, jitterMs: 0 }] },
  ])('%j', (wrong) => {
    expect(() => checkLatency({ ...NO_LATENCY, ...wrong })).toThrow(expect.objectContaining({ code: 'INVALID_FAULT' }));
  });
});

test('one way may be slower than the other, in the order of its stream, and no more waits than a stream holds', async () => {
  const time = createVirtualTime({ startWallMs: 0 });
  const hub = createMemoryHub({ scheduler: time.scheduler });
  const heard: string[] = [];
  const [a, b] = [hub.transport('a'), hub.transport('b')];
  for (const transport of [a, b]) {
    transport.onDirect('x', (_from, payload) => heard.push(`${transport.self}:${payload.join()}`));
    await transport.start();
  }
  time.advance(0);
  const slow = { from: 'a', to: 'b', ms: 400, jitterMs: 100 };
  hub.setLatency({ ms: 10, jitterMs: 0, links: [slow] }, createSeededRandom(7n));
  for (let sent = 0; sent < MAX_QUEUED_MESSAGES + 100; sent++) a.send('b', 'x', Uint8Array.of(sent >> 8, sent & 255));
  b.send('a', 'x', Uint8Array.of(9));
  time.advance(399);
  expect(heard).toEqual(['a:9']);
  time.advance(101);
  const arrived = heard.slice(1);
  expect(arrived).toHaveLength(MAX_QUEUED_MESSAGES);
  expect(arrived).toEqual(arrived.map((_, sent) => `b:${sent >> 8},${sent & 255}`));
});
