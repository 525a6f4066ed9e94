import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ExitCode } from '../src/errors.ts';
import { Lifecycle } from '../src/lifecycle.ts';

let nowMs = 0;
let exits: ExitCode[] = [];
let late: (() => void)[] = [];
let stops = 0;
let lifecycle: Lifecycle;

const stop = (): Promise<void> => {
  stops += 1;
  return Promise.resolve();
};
const hang = (): Promise<void> => {
  stops += 1;
  return new Promise(() => {});
};

beforeEach(() => {
  nowMs = 0;
  exits = [];
  late = [];
  stops = 0;
  lifecycle = new Lifecycle({
    monotonicMs: () => nowMs,
    after: (_delayMs, task) => late.push(task),
    printError: () => {},
    exit: (code) => exits.push(code),
  });
});

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('stopping', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops in order and ends with 0', async (signal) => {
    lifecycle.started(stop);
    lifecycle.onSignal(signal);
    await settle();
    expect([stops, exits]).toEqual([1, [0]]);
  });

  test('that nobody asked for ends with its own code, once, and so does one that hangs', async () => {
    lifecycle.started(stop);
    lifecycle.giveUp('the directory is gone', 4);
    lifecycle.giveUp('again', 4);
    await settle();
    expect([stops, exits]).toEqual([1, [4]]);
    for (const task of late) task();
    expect(exits).toEqual([4, 4]);
  });

  test('that nobody asked for is not cut short by the first signal', () => {
    lifecycle.started(hang);
    lifecycle.giveUp('the directory is gone', 4);
    nowMs = 1_000;
    lifecycle.onSignal('SIGTERM');
    expect(exits).toEqual([]);
    lifecycle.onSignal('SIGTERM');
    expect(exits).toEqual([130]);
  });

  test('a second signal within 500 ms is the same one, a later one ends at once', async () => {
    lifecycle.started(hang);
    lifecycle.onSignal('SIGINT');
    nowMs = 499;
    lifecycle.onSignal('SIGTERM');
    expect(exits).toEqual([]);
    nowMs = 500;
    lifecycle.onSignal('SIGINT');
    expect([stops, exits]).toEqual([1, [130]]);
  });

  test('a signal before the start is complete stops what was started', async () => {
    lifecycle.onSignal('SIGTERM');
    await settle();
    expect(exits).toEqual([]);
    lifecycle.started(stop);
    await settle();
    expect([stops, exits]).toEqual([1, [0]]);
  });

  test('a stop that hangs ends with 1 after a limit', () => {
    lifecycle.started(hang);
    lifecycle.onSignal('SIGTERM');
    expect(exits).toEqual([]);
    for (const task of late) task();
    expect(exits).toEqual([1]);
  });

  test('a stop that fails ends with 1', async () => {
    lifecycle.started(() => Promise.reject(new Error('disk')));
    lifecycle.onSignal('SIGTERM');
    await settle();
    expect(exits).toEqual([1]);
  });
});
