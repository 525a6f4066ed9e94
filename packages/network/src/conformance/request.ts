import {
  type ConformanceTestPrimitives,
  check,
  checkEqual,
  failureOf,
  isSame,
  type NetworkFactory,
  numbered,
  numberOf,
  pattern,
  pauseMs,
  until,
  withPair,
} from './harness.ts';

const MIB = 1_024 * 1_024;
const LONG_MS = 8_000;

export function requestConformance({ describe, test }: ConformanceTestPrimitives, factory: NetworkFactory): void {
  describe('requests', () => {
    test('get their own answers, in whatever order the handlers finish', () => answers(factory));
    test('carry 1 MB both ways', () => large(factory));
    test('time out, and the late answer harms nobody', () => timeouts(factory));
    test('fail for a missing handler, an unknown peer and a failing handler; the next one works', () =>
      failures(factory));
    test('a slow handler holds up neither messages nor other requests', () => slowHandler(factory));
    test('two peers may ask each other at once, from within a handler too', () => mutual(factory));
  });
}

function answers(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    b.transport.onRequest('double', async (from, payload) => {
      checkEqual(from, a.transport.self, 'the requester is named');
      const value = numberOf(payload);
      await pauseMs((value % 5) * 4);
      return numbered(value * 2);
    });
    const values = Array.from({ length: 50 }, (_, i) => i);
    const results = await Promise.all(
      values.map((value) => a.transport.request(b.transport.self, 'double', numbered(value), LONG_MS)),
    );
    checkEqual(
      results.map(numberOf),
      values.map((value) => value * 2),
      'answers',
    );
  });
}

function large(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    b.transport.onRequest('reverse', async (_, payload) => payload.toReversed());
    const payload = pattern(MIB, 4);
    const response = await a.transport.request(b.transport.self, 'reverse', payload, LONG_MS);
    check(isSame(response, payload.toReversed()), 'a large answer to a large request is right');
    const empty = await a.transport.request(b.transport.self, 'reverse', new Uint8Array(0), LONG_MS);
    checkEqual(empty.length, 0, 'and so is an empty one');
  });
}

function timeouts(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    let answerLate: (() => void) | null = null;
    b.transport.onRequest('slow', (_, payload) =>
      numberOf(payload) === 0
        ? new Promise((resolve) => {
            answerLate = () => resolve(numbered(1));
          })
        : Promise.resolve(numbered(2)),
    );
    const startMs = performance.now();
    const reason = await failureOf(
      a.transport.request(b.transport.self, 'slow', numbered(0), 100),
      b.transport.self,
      'slow',
    );
    const elapsedMs = performance.now() - startMs;
    checkEqual(reason, 'timeout', 'the reason');
    check(elapsedMs >= 90 && elapsedMs < 5_000, `the time-out is kept (${elapsedMs} ms)`);
    await until(() => answerLate !== null, 'the request has arrived');
    const next = a.transport.request(b.transport.self, 'slow', numbered(1), LONG_MS);
    answerNow(answerLate);
    checkEqual(numberOf(await next), 2, 'the late answer is not taken for the next one');
  });
}

function answerNow(answer: (() => void) | null): void {
  answer?.();
}

function failures(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    b.transport.onRequest('moody', (_, payload) => {
      if (numberOf(payload) === 1) JSON.parse('throws at once');
      if (numberOf(payload) === 2) return Promise.reject(new TypeError('rejected'));
      return Promise.resolve(payload);
    });
    const { self } = b.transport;
    checkEqual(
      await failureOf(a.transport.request(self, 'none', numbered(0), LONG_MS), self, 'none'),
      'noHandler',
      'reason',
    );
    checkEqual(
      await failureOf(a.transport.request('nobody', 'moody', numbered(0), LONG_MS), 'nobody', 'moody'),
      'notConnected',
      'reason',
    );
    for (const mood of [1, 2]) {
      const request = a.transport.request(self, 'moody', numbered(mood), LONG_MS);
      checkEqual(await failureOf(request, self, 'moody'), 'handlerFailed', 'reason');
    }
    checkEqual(numberOf(await a.transport.request(self, 'moody', numbered(3), LONG_MS)), 3, 'the next request works');
  });
}

function slowHandler(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    let release: (() => void) | null = null;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let direct = 0;
    b.transport.onRequest('slow', async () => {
      await released;
      return numbered(1);
    });
    b.transport.onRequest('quick', async () => numbered(2));
    b.transport.onDirect('direct', () => (direct += 1));
    const slow = a.transport.request(b.transport.self, 'slow', numbered(0), LONG_MS);
    a.transport.send(b.transport.self, 'direct', numbered(0));
    checkEqual(
      numberOf(await a.transport.request(b.transport.self, 'quick', numbered(0), LONG_MS)),
      2,
      'the quick answer',
    );
    await until(() => direct === 1, 'the message arrives');
    answerNow(release);
    checkEqual(numberOf(await slow), 1, 'the slow answer');
  });
}

function mutual(factory: NetworkFactory): Promise<void> {
  return withPair(factory, async (a, b) => {
    a.transport.onRequest('inner', async (_, payload) => numbered(numberOf(payload) + 1));
    b.transport.onRequest('outer', (from, payload) => b.transport.request(from, 'inner', payload, LONG_MS));
    b.transport.onRequest('inner', async (_, payload) => numbered(numberOf(payload) + 10));
    const [outer, inner] = await Promise.all([
      a.transport.request(b.transport.self, 'outer', numbered(1), LONG_MS),
      a.transport.request(b.transport.self, 'inner', numbered(1), LONG_MS),
    ]);
    checkEqual([numberOf(outer), numberOf(inner)], [2, 11], 'both answers');
  });
}
