import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createVirtualTime } from '../src/index.ts';

describe('virtual time', () => {
  test('runs tasks by due time, ties in scheduling order, and moves both clocks', () => {
    const time = createVirtualTime({ startWallMs: 1_000 });
    const ran: string[] = [];
    time.scheduler.after(20, () => ran.push(`b${time.clock.monotonicMs()}`));
    time.scheduler.after(10, () => ran.push('a1'));
    time.scheduler.after(10, () => ran.push('a2'));
    time.scheduler.soon(() => ran.push('soon'));
    expect(time.advance(15)).toBe(3);
    expect(ran).toEqual(['soon', 'a1', 'a2']);
    expect(time.clock.monotonicMs()).toBe(15);
    expect(time.clock.wallMs()).toBe(1_015);
    expect(time.nextDueMs()).toBe(20);
    time.jumpWall(-500);
    expect(time.advance(5)).toBe(1);
    expect(ran[3]).toBe('b20');
    expect(time.clock.wallMs()).toBe(520);
    expect(time.clock.monotonicMs()).toBe(20);
  });

  test('a task may schedule more within the same advance', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    const ran: number[] = [];
    const tick = (): void => {
      ran.push(time.clock.monotonicMs());
      time.scheduler.after(10, tick);
    };
    time.scheduler.soon(tick);
    time.advance(35);
    expect(ran).toEqual([0, 10, 20, 30]);
    expect(time.pending()).toBe(1);
  });

  test('cancel is idempotent, also after the task has run', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    let count = 0;
    const cancelRun = time.scheduler.after(1, () => (count += 1));
    const cancelled = time.scheduler.after(1, () => (count += 100));
    cancelled();
    cancelled();
    expect(time.pending()).toBe(1);
    time.advance(1);
    cancelRun();
    expect(count).toBe(1);
    expect(time.pending()).toBe(0);
  });

  test('a throwing task leaves the rest runnable', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    let ran = false;
    time.scheduler.after(1, () => {
      throw new TypeError('task');
    });
    time.scheduler.after(2, () => (ran = true));
    expect(() => time.advance(5)).toThrow('task');
    expect(time.clock.monotonicMs()).toBe(1);
    time.advance(5);
    expect(ran).toBe(true);
  });

  test('runUntil stops at the condition or gives up at the limit', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    let count = 0;
    const tick = (): void => {
      count += 1;
      time.scheduler.after(10, tick);
    };
    time.scheduler.soon(tick);
    expect(time.runUntil(() => count === 4, 1_000)).toBe(true);
    expect(time.clock.monotonicMs()).toBe(30);
    expect(time.runUntil(() => count === 1_000, 100)).toBe(false);
    expect(count).toBe(14);
  });

  test('the async forms let promises settle between tasks', async () => {
    const time = createVirtualTime({ startWallMs: 0 });
    const ran: string[] = [];
    time.scheduler.after(1, () => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => time.scheduler.after(1, () => ran.push(`inner at ${time.clock.monotonicMs()}`)));
    });
    time.scheduler.after(3, () => ran.push('outer'));
    await time.advanceAsync(5);
    expect(ran).toEqual(['inner at 2', 'outer']);
    expect(await time.runUntilAsync(() => true, 0)).toBe(true);
  });

  test('refuses delays that are not finite and at least zero', () => {
    const { scheduler } = createVirtualTime({ startWallMs: 0 });
    for (const delayMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => scheduler.after(delayMs, () => undefined)).toThrow(
        expect.objectContaining({ code: 'INVALID_DELAY' }),
      );
    }
  });

  test('law: the order is that of a stable sort by due time, whatever is cancelled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ delayMs: fc.integer({ min: 0, max: 20 }), keep: fc.boolean() }), { maxLength: 60 }),
        (timers) => {
          const time = createVirtualTime({ startWallMs: 0 });
          const ran: number[] = [];
          const cancels = timers.map(({ delayMs }, index) => time.scheduler.after(delayMs, () => ran.push(index)));
          timers.forEach(({ keep }, index) => {
            if (!keep) cancels[index]?.();
          });
          time.advance(20);
          const expected = timers
            .map((timer, index) => ({ ...timer, index }))
            .filter(({ keep }) => keep)
            .sort((a, b) => a.delayMs - b.delayMs)
            .map(({ index }) => index);
          expect(ran).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('many cancelled timers do not pile up', () => {
    const time = createVirtualTime({ startWallMs: 0 });
    let kept = 0;
    for (let i = 0; i < 5_000; i++) {
      const cancel = time.scheduler.after(1_000 - (i % 7), () => (kept += 1));
      if (i % 10 !== 0) cancel();
    }
    expect(time.pending()).toBe(500);
    expect(time.advance(1_000)).toBe(500);
    expect(kept).toBe(500);
  });
});
