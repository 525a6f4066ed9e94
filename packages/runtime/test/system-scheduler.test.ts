import { describe, expect, test } from '@jest/globals';
import { createSystemScheduler, systemClock } from '../src/index.ts';

const scheduler = createSystemScheduler({ unref: false });

function wait(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.after(delayMs, resolve);
  });
}

describe('system scheduler', () => {
  test('runs deferred work in order, after the current code and its promises', async () => {
    const ran: string[] = [];
    scheduler.soon(() => ran.push('first'));
    scheduler.soon(() => ran.push('second'));
    await Promise.resolve().then(() => ran.push('promise'));
    ran.push('code');
    await wait(5);
    expect(ran).toEqual(['promise', 'code', 'first', 'second']);
  });

  test('a cancelled timer does not run; cancelling twice or late is fine', async () => {
    let ran = 0;
    const cancel = scheduler.after(1, () => (ran += 1));
    cancel();
    cancel();
    const late = scheduler.after(1, () => (ran += 10));
    await wait(10);
    late();
    expect(ran).toBe(10);
  });

  test('a delay beyond 2^31 ms does not fire at once', async () => {
    let ran = false;
    const cancel = scheduler.after(2 ** 40, () => (ran = true));
    await wait(10);
    cancel();
    expect(ran).toBe(false);
  });

  test('refuses bad delays', () => {
    expect(() => scheduler.after(-1, () => undefined)).toThrow(expect.objectContaining({ code: 'INVALID_DELAY' }));
    expect(() => scheduler.after(Number.POSITIVE_INFINITY, () => undefined)).toThrow(
      expect.objectContaining({ code: 'INVALID_DELAY' }),
    );
  });

  test('the clocks go forward', async () => {
    const wallMs = systemClock.wallMs();
    const monotonicMs = systemClock.monotonicMs();
    await wait(5);
    expect(systemClock.monotonicMs()).toBeGreaterThan(monotonicMs);
    expect(Math.abs(systemClock.wallMs() - wallMs)).toBeLessThan(60_000);
  });
});
