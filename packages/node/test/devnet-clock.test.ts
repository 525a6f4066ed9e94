import type { Clock } from '@heddle/runtime';
import type { ControlPart } from '@heddle/types';
import { beforeEach, expect, test } from '@jest/globals';
import { DevnetClock } from '../src/devnet/devnet-clock.ts';
import { TimestampTooLateError, TimestampTooLowError } from '../src/errors.ts';

const START = 1_700_000_000n;

class SystemTime implements Clock {
  seconds = Number(START);

  wallMs(): number {
    return this.seconds * 1_000;
  }

  monotonicMs(): number {
    return this.seconds * 1_000;
  }
}

let system: SystemTime;
let clock: DevnetClock;

beforeEach(() => {
  system = new SystemTime();
  clock = new DevnetClock(system);
  clock.notBefore(START);
});

function final(timestamp: bigint): void {
  clock.blockFinal({ header: { timestamp }, section: null });
}

function controlled(timestamp: bigint): void {
  const control: ControlPart = {
    number: 0n,
    parentHash: `0x${'00'.repeat(32)}`,
    operations: [{ kind: 'nextBaseFee', value: 1n }],
  };
  clock.blockFinal({ header: { timestamp }, section: { control } });
}

test('time moves on by what it is told, beside what passes', () => {
  expect(clock.increase(100n)).toBe(100n);
  expect(clock.increase(16n)).toBe(116n);
  system.seconds += 5;
  expect(clock.nowSeconds).toBe(START + 121n);
  expect(clock.wallMs()).toBe(Number(START + 121n) * 1_000);
  // Timers go by the real time.
  expect(clock.monotonicMs()).toBe(system.monotonicMs());
});

test('the next timestamp holds until its block is final, then time goes on from there', () => {
  clock.setNext(START + 1_000n);
  system.seconds += 5;
  expect(clock.nowSeconds).toBe(START + 1_000n);
  final(START + 1_000n);
  system.seconds += 5;
  expect(clock.nowSeconds).toBe(START + 1_005n);
});

test('a block of an earlier time, or one that mines nothing, is not the next one', () => {
  clock.setNext(START + 50n);
  final(START + 1n);
  expect(clock.nowSeconds).toBe(START + 50n);
  clock.setNext(START + 1n);
  controlled(START + 1n);
  system.seconds += 5;
  expect(clock.nowSeconds).toBe(START + 1n);
});

test('the next timestamp may be before the present, not before the newest block', () => {
  system.seconds += 100;
  clock.setNext(START + 10n);
  expect(clock.nowSeconds).toBe(START + 10n);
  expect(() => clock.setNext(START - 1n)).toThrow(TimestampTooLowError);
  expect(() => clock.set(START - 1n)).toThrow("Timestamp error: 1699999999 is lower than previous block's timestamp");
  expect(() => clock.set(10n ** 13n)).toThrow(TimestampTooLateError);
});

test('setting tells by how much time moved on', () => {
  expect(clock.set(START + 60n)).toBe(60n);
  expect(clock.set(START + 10n)).toBe(0n);
  expect(clock.nowSeconds).toBe(START + 10n);
});

test('with an interval each block is so much later than the one before', () => {
  clock.setInterval(7n);
  for (const place of [1n, 2n]) {
    expect(clock.nowSeconds).toBe(START + 7n * place);
    final(START + 7n * place);
  }
  clock.setInterval(null);
  expect(clock.nowSeconds).toBe(START + 14n);
});

test('the clock is not behind the chain, and goes back with it when it is told', () => {
  final(START + 500n);
  system.seconds += 5;
  expect(clock.nowSeconds).toBe(START + 505n);
  clock.rewound(START + 20n);
  expect(clock.nowSeconds).toBe(START + 20n);
  expect(() => clock.setNext(START + 21n)).not.toThrow();
});
