import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../src/index.ts';
import { EngineBench, Others, only, said } from '../src/testing/index.ts';

const four = new Others(4);
const first = four.proposal(1n, null);
const notarized = four.notarization(first.tuple);
const finalized = four.finalization(first.tuple);
const work = { kind: 'work', pending: true } as const;
const noWork = { kind: 'work', pending: false } as const;

describe('idle for ever', () => {
  test.each([0, 1])('validator %i of an idle network sets no timer and builds nothing', (index) => {
    const bench = EngineBench.started(4, index);
    bench.certificate(finalized);
    expect(bench.state.currentView).toBe(2n);
    expect(only(bench.effects, 'setTimer')).toEqual([]);
    expect(only(bench.effects, 'buildBlock')).toEqual([]);
  });

  test('work sets all three timers, no work stops them', () => {
    const bench = EngineBench.started(4, 0);
    expect(timersSet(bench.give(work))).toEqual(['proposal 200', 'notarization 300', 'retry 150']);
    expect(bench.give(work)).toEqual([]);
    expect(only(bench.give(noWork), 'cancelTimer').map(({ timer }) => timer)).toEqual([
      'proposal',
      'notarization',
      'retry',
    ]);
    expect(bench.timer('notarization')).toEqual([]); // one that was on its way
  });

  test('a proposal or another’s vote sets them too', () => {
    expect(timersSet(EngineBench.started(4, 0).propose(first)).length).toBe(3);
    expect(timersSet(EngineBench.started(4, 0).vote(four.nullify(1n, 3))).length).toBe(3);
  });

  test('a tail that is not final keeps them running, its finalization stops them', () => {
    const bench = EngineBench.started(4, 0);
    expect(timersSet(bench.certificate(notarized)).length).toBe(3);
    expect(only(bench.certificate(finalized), 'cancelTimer').length).toBe(3);
  });

  test('the leader builds on a tail that does not become final', () => {
    const bench = EngineBench.started(4, 2);
    expect(only(bench.certificate(notarized), 'buildBlock')).toEqual([]);
    expect(said(bench.timer('retry'))).toContain('proposal:2');
  });

  test('timers grow with skipped views', () => {
    const bench = EngineBench.started(4, 0);
    expect(timersSet(bench.certificate(four.skip(2n)))).toEqual(['proposal 450', 'notarization 675', 'retry 337.5']);
  });
});

describe('idle with a heartbeat', () => {
  test('followers wait longer by maxIdle, and not once there is work', () => {
    const bench = EngineBench.started(4, 0, { maxIdleMs: 5000 });
    expect(timersSet(bench.effects)).toEqual(['proposal 5200', 'notarization 5300']);
    expect(timersSet(bench.give(work))).toEqual(['proposal 200', 'notarization 300', 'retry 150']);
  });

  test('the leader makes a block after maxIdle', () => {
    const bench = EngineBench.started(4, 1, { maxIdleMs: 5000 });
    expect(timersSet(bench.effects)).toEqual(['proposal 5200', 'notarization 5300', 'idle 5000']);
    const effects = bench.timer('idle');
    expect(said(effects)).toContain('proposal:1');
    expect(timersSet(effects)).toEqual(['proposal 200', 'notarization 300', 'retry 150']);
  });
});

function timersSet(effects: readonly Effect[]): readonly string[] {
  return only(effects, 'setTimer').map(({ timer, delayMs }) => `${timer} ${delayMs}`);
}
