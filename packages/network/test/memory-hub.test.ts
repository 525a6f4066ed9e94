import { createSeededRandom, createVirtualTime, type VirtualTime } from '@heddle/runtime';
import { describe, expect, test } from '@jest/globals';
import { createMemoryHub, type MemoryHub, type Transport, type TransportMetrics } from '../src/index.ts';
import type { Frame } from '../src/memory/frame.ts';
import { Link } from '../src/memory/link.ts';

/** Writes down what a transport reports. */
class Recorder implements TransportMetrics {
  readonly drops: string[] = [];
  readonly failures: unknown[] = [];
  duplicates = 0;
  sentBytes = 0;
  receivedBytes = 0;

  sent(_peer: string, _channel: string, bytes: number): void {
    this.sentBytes += bytes;
  }

  received(_peer: string, _channel: string, bytes: number): void {
    this.receivedBytes += bytes;
  }

  dropped(peer: string, channel: string, reason: string): void {
    this.drops.push(`${peer} ${channel} ${reason}`);
  }

  duplicate(): void {
    this.duplicates += 1;
  }

  handlerFailed(_protocol: string, error: unknown): void {
    this.failures.push(error);
  }
}

interface Fixture {
  readonly time: VirtualTime;
  readonly hub: MemoryHub;
  readonly transports: readonly Transport[];
  readonly recorders: readonly Recorder[];
  /** `to<from:byte`, in order of arrival. */
  readonly heard: string[];
}

/** Running transports named a, b, c, … that write down what they hear. */
async function network(count: number): Promise<Fixture> {
  const time = createVirtualTime({ startWallMs: 0 });
  const hub = createMemoryHub({ scheduler: time.scheduler });
  const heard: string[] = [];
  const recorders = Array.from({ length: count }, () => new Recorder());
  const transports = recorders.map((recorder, index) =>
    hub.transport('abcdefghijklmnopqrstuvwxyz'.charAt(index), recorder),
  );
  for (const transport of transports) {
    transport.onDirect('direct', (from, [byte]) => heard.push(`${transport.self}<${from}:${byte}`));
    transport.subscribe('topic', (from, [byte]) => heard.push(`${transport.self}<${from}:${byte}`));
    transport.onPeerChange((peer, connected) => heard.push(`${transport.self}${connected ? '+' : '-'}${peer}`));
    await transport.start();
  }
  time.advance(0);
  heard.length = 0;
  return { time, hub, transports, recorders, heard };
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new TypeError(`no item ${index}`);
  return item;
}

const byte = (value: number): Uint8Array => Uint8Array.of(value);

describe('latency', () => {
  test('delays each frame by itself; a lower latency does not let frames overtake', async () => {
    const { time, hub, transports, heard } = await network(2);
    const a = at(transports, 0);
    hub.setLatencyMs(100);
    a.send('b', 'direct', byte(1));
    a.send('b', 'direct', byte(2));
    time.advance(50);
    hub.setLatencyMs(0);
    a.send('b', 'direct', byte(3));
    time.advance(49);
    expect(heard).toEqual([]);
    time.advance(1);
    expect(heard).toEqual(['b<a:1', 'b<a:2', 'b<a:3']);
  });

  test('counts for both ways of a request', async () => {
    const { time, hub, transports } = await network(2);
    hub.setLatencyMs(40);
    at(transports, 1).onRequest('echo', async (_, payload) => payload);
    const quick = at(transports, 0).request('b', 'echo', byte(1), 79);
    const slow = at(transports, 0).request('b', 'echo', byte(2), 81);
    const outcomes = Promise.allSettled([quick, slow]);
    await time.advanceAsync(100);
    const [first, second] = await outcomes;
    expect(first).toMatchObject({
      status: 'rejected',
      reason: { code: 'REQUEST_FAILED', facts: { reason: 'timeout' } },
    });
    expect(second).toMatchObject({ status: 'fulfilled', value: byte(2) });
    expect(time.pending()).toBe(0);
  });
});

test('receivers of one payload share a copy, until the sender changes it', async () => {
  const { time, transports } = await network(3);
  const received: Uint8Array[] = [];
  for (const transport of transports.slice(1)) transport.onDirect('shared', (_, payload) => received.push(payload));
  const payload = byte(1);
  at(transports, 0).send('b', 'shared', payload);
  at(transports, 0).send('c', 'shared', payload);
  payload[0] = 2;
  at(transports, 0).send('b', 'shared', payload);
  time.advance(0);
  expect(received.map(([value]) => value).toSorted()).toEqual([1, 1, 2]);
  expect(new Set(received).size).toBe(2);
  expect(received).not.toContain(payload);
});

describe('partition', () => {
  test('cuts and heals, tells both sides, loses what was on the way', async () => {
    const { time, hub, transports, recorders, heard } = await network(4);
    const a = at(transports, 0);
    hub.setLatencyMs(10);
    a.send('c', 'direct', byte(1));
    a.send('b', 'direct', byte(2));
    hub.partition([['a', 'b'], ['c']]);
    time.advance(20);
    expect(heard.toSorted()).toEqual(['a-c', 'a-d', 'b-c', 'b-d', 'b<a:2', 'c-a', 'c-b', 'c-d', 'd-a', 'd-b', 'd-c']);
    expect(at(recorders, 0).drops).toEqual(['c direct:direct disconnected']);
    expect(transports.map((transport) => transport.peers())).toEqual([['b'], ['a'], [], []]);
    heard.length = 0;
    a.publish('topic', byte(3));
    a.send('d', 'direct', byte(4));
    time.advance(20);
    expect(heard).toEqual(['b<a:3']);
    // Those in no group are one group.
    hub.partition([['a']]);
    time.advance(20);
    expect(at(transports, 1).peers()).toEqual(['c', 'd']);
    hub.heal();
    time.advance(20);
    heard.length = 0;
    a.publish('topic', byte(5));
    time.advance(20);
    expect(heard.toSorted()).toEqual(['b<a:5', 'c<a:5', 'd<a:5']);
  });

  test('fails pending requests at once and does not revive them', async () => {
    const { time, hub, transports } = await network(2);
    let answer: (payload: Uint8Array) => void = () => undefined;
    at(transports, 1).onRequest('slow', () => new Promise((resolve) => (answer = resolve)));
    const request = at(transports, 0).request('b', 'slow', byte(1), 10_000);
    const outcome = Promise.allSettled([request]);
    await time.advanceAsync(1);
    hub.partition([['a'], ['b']]);
    expect(await outcome).toMatchObject([{ reason: { facts: { reason: 'disconnected' } } }]);
    hub.heal();
    answer(byte(9));
    await time.advanceAsync(1);
    expect(time.pending()).toBe(0);
  });

  test('counts for transports that start later', async () => {
    const { time, hub, transports } = await network(2);
    hub.partition([['a', 'c'], ['b']]);
    const c = hub.transport('c');
    await c.start();
    time.advance(0);
    expect([c.peers(), at(transports, 1).peers()]).toEqual([['a'], []]);
  });
});

describe('loss', () => {
  test('drops the share that was asked for, the same ones for the same seed', async () => {
    const run = async (seed: number): Promise<readonly string[]> => {
      const { time, hub, transports, recorders, heard } = await network(2);
      hub.setDropRate(0.3, createSeededRandom(seed));
      for (let i = 0; i < 200; i++) at(transports, 0).send('b', 'direct', byte(i));
      time.advance(0);
      expect(heard.length + at(recorders, 0).drops.length).toBe(200);
      expect(at(recorders, 0).drops.every((drop) => drop.endsWith('injected'))).toBe(true);
      return heard;
    };
    const first = await run(1);
    expect(first).toEqual(await run(1));
    expect(first).not.toEqual(await run(2));
    expect(Math.abs(first.length - 140)).toBeLessThan(25);
  });

  test('a lost request times out; nothing gets lost any more at rate 0', async () => {
    const { time, hub, transports } = await network(2);
    at(transports, 1).onRequest('echo', async (_, payload) => payload);
    hub.setDropRate(1, createSeededRandom(1));
    const outcome = Promise.allSettled([at(transports, 0).request('b', 'echo', byte(1), 50)]);
    await time.advanceAsync(60);
    expect(await outcome).toMatchObject([{ reason: { facts: { reason: 'timeout' } } }]);
    hub.setDropRate(0, createSeededRandom(1));
    const next = at(transports, 0).request('b', 'echo', byte(2), 50);
    await time.advanceAsync(1);
    expect(await next).toEqual(byte(2));
  });

  test('refuses rates and latencies out of range', async () => {
    const { hub } = await network(1);
    for (const value of [-0.1, 1.1, Number.NaN]) {
      expect(() => hub.setDropRate(value, createSeededRandom(1))).toThrow(
        expect.objectContaining({ code: 'INVALID_FAULT' }),
      );
    }
    for (const value of [-1, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => hub.setLatencyMs(value)).toThrow(expect.objectContaining({ code: 'INVALID_FAULT' }));
    }
  });
});

describe('queues', () => {
  test('are bounded per stream and count what they drop', async () => {
    const { time, transports, recorders, heard } = await network(2);
    for (let i = 0; i < 5_000; i++) at(transports, 0).send('b', 'direct', byte(i & 255));
    at(transports, 0).publish('topic', byte(7));
    expect(at(recorders, 0).drops).toHaveLength(5_000 - 4_096);
    expect(at(recorders, 0).drops[0]).toBe('b direct:direct queueFull');
    time.advance(0);
    expect(heard).toHaveLength(4_097);
    expect(heard.at(-1)).toBe('b<a:7');
    expect([at(recorders, 0).sentBytes, at(recorders, 1).receivedBytes]).toEqual([4_097, 4_097]);
  });

  test('are bounded in bytes, and a message above the limit is no message', async () => {
    const { time, transports, recorders, heard } = await network(2);
    const large = new Uint8Array(15 * 1_024 * 1_024);
    for (let i = 0; i < 3; i++) at(transports, 0).send('b', 'direct', large);
    at(transports, 0).send('b', 'direct', new Uint8Array(17 * 1_024 * 1_024));
    expect(at(recorders, 0).drops).toEqual(['b direct:direct queueFull', 'b direct:direct tooLarge']);
    time.advance(0);
    expect(heard).toHaveLength(2);
  });

  test('requests are bounded on the asking side', async () => {
    const { time, transports } = await network(2);
    at(transports, 1).onRequest('never', () => new Promise(() => undefined));
    const requests = Array.from({ length: 100 }, () => at(transports, 0).request('b', 'never', byte(1), 1_000));
    const outcomes = Promise.allSettled(requests);
    await time.advanceAsync(1_001);
    const reasons = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason.facts.reason : 'ok',
    );
    expect(reasons.filter((reason) => reason === 'busy')).toHaveLength(36);
    expect(reasons.filter((reason) => reason === 'timeout')).toHaveLength(64);
  });

  test('answers are bounded by peer and in all; who asks beyond is told at once', async () => {
    const { time, transports, recorders } = await network(20);
    const large = new Uint8Array(15 * 1_024 * 1_024);
    at(transports, 0).onRequest('large', async () => large);
    const askers = transports.slice(1);
    const [greedy] = askers;
    const requests = [
      ...Array.from({ length: 5 }, () => at(transports, 1).request('a', 'large', byte(1), 1_000)),
      ...askers.slice(1).map((asker) => asker.request('a', 'large', byte(1), 1_000)),
    ];
    expect(greedy?.self).toBe('b');
    const outcomes = Promise.allSettled(requests);
    await time.advanceAsync(0);
    const reasons = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? outcome.reason.facts.reason : 'ok',
    );
    expect(reasons.slice(0, 5)).toEqual(['ok', 'ok', 'busy', 'busy', 'busy']);
    // 256 MiB hold seventeen of 15 MiB.
    expect(reasons.filter((reason) => reason === 'ok')).toHaveLength(17);
    expect(at(recorders, 0).drops.every((drop) => drop.endsWith('response:large queueFull'))).toBe(true);
    expect(at(recorders, 0).drops).toHaveLength(reasons.length - 17);
  });

  test('names that a peer makes up leave no streams behind', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    const delivered: Frame[] = [];
    const link = new Link({
      scheduler: time.scheduler,
      copies: () => [{ delayMs: 5, overtakes: false }],
      deliver: (frame) => delivered.push(frame),
      dropped: () => undefined,
    });
    for (let i = 0; i < 1_000; i++) {
      link.push({ kind: 'request', protocol: `made-up-${i}`, payload: byte(1), requestId: i });
    }
    expect(link.streams).toBe(1_000);
    time.advance(5);
    expect([link.streams, delivered.length]).toEqual([0, 1_000]);
  });

  test('a handler that throws does not hold up what comes after it', async () => {
    const { time, hub, transports, heard } = await network(2);
    at(transports, 1).onDirect('bad', () => {
      throw new TypeError('handler');
    });
    hub.setLatencyMs(10);
    at(transports, 0).send('b', 'bad', byte(1));
    hub.setLatencyMs(0);
    at(transports, 0).send('b', 'direct', byte(2));
    expect(() => time.advance(20)).toThrow('handler');
    time.advance(20);
    expect(heard).toEqual(['b<a:2']);
  });
});

describe('gossip', () => {
  test('remembers for a short window only, and no timer runs while nothing is remembered', async () => {
    const { time, transports, recorders, heard } = await network(3);
    at(transports, 0).publish('topic', byte(1));
    at(transports, 1).publish('topic', byte(1));
    time.advance(0);
    expect(heard).toEqual(['c<a:1']);
    expect(at(recorders, 2).duplicates).toBe(1);
    time.advance(600);
    at(transports, 1).publish('topic', byte(1));
    time.advance(0);
    expect(heard.slice(1).toSorted()).toEqual(['a<b:1', 'c<b:1']);
    time.advance(10_000);
    expect(time.pending()).toBe(0);
  });

  test('without a subscriber it is counted', async () => {
    const { time, transports, recorders } = await network(2);
    at(transports, 0).publish('other', byte(1));
    time.advance(0);
    expect(at(recorders, 1).drops).toEqual(['a gossip:other noHandler']);
  });
});

describe('identity and handlers', () => {
  test('one transport a peer runs at a time', async () => {
    const { hub, transports } = await network(1);
    const second = hub.transport('a');
    await expect(second.start()).rejects.toMatchObject({ code: 'PEER_ID_TAKEN', facts: { peer: 'a' } });
    await at(transports, 0).stop();
    await second.start();
    await second.start();
    await expect(at(transports, 0).start()).rejects.toMatchObject({ code: 'PEER_ID_TAKEN' });
  });

  test('an answer to an earlier life of the requester is not taken for a later one', async () => {
    const { time, hub, transports } = await network(2);
    const answers: ((payload: Uint8Array) => void)[] = [];
    at(transports, 1).onRequest('slow', () => new Promise((resolve) => answers.push(resolve)));
    const first = Promise.allSettled([at(transports, 0).request('b', 'slow', byte(1), 1_000)]);
    await time.advanceAsync(1);
    await at(transports, 0).stop();
    expect(await first).toMatchObject([{ reason: { facts: { reason: 'stopped' } } }]);
    const successor = hub.transport('a');
    await successor.start();
    const second = successor.request('b', 'slow', byte(2), 1_000);
    await time.advanceAsync(1);
    answers[0]?.(byte(1));
    await time.advanceAsync(1);
    answers[1]?.(byte(2));
    await time.advanceAsync(1);
    expect(await second).toEqual(byte(2));
  });

  test('one handler a protocol', async () => {
    const { transports } = await network(1);
    const a = at(transports, 0);
    a.onRequest('direct', async (_, payload) => payload);
    for (const register of [
      () => a.onDirect('direct', () => undefined),
      () => a.subscribe('topic', () => undefined),
      () => a.onRequest('direct', async (_, payload) => payload),
    ]) {
      expect(register).toThrow(expect.objectContaining({ code: 'DUPLICATE_HANDLER' }));
    }
  });

  test('the error of a request handler stays at home', async () => {
    const { time, transports, recorders } = await network(2);
    at(transports, 1).onRequest('bad', () => Promise.reject(new TypeError('secret')));
    const outcome = Promise.allSettled([at(transports, 0).request('b', 'bad', byte(1), 50)]);
    await time.advanceAsync(1);
    const [result] = await outcome;
    expect(result).toMatchObject({ reason: { facts: { reason: 'handlerFailed' } } });
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(at(recorders, 1).failures).toMatchObject([{ message: 'secret' }]);
  });
});
