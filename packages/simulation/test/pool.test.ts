import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from '@heddle/types';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Tasks } from '../src/engine/job.ts';
import {
  inlineRunner,
  SimulationBusyError,
  SimulationCancelledError,
  SimulationFailedError,
  SimulationMemoryError,
  SimulationTimeoutError,
  StateUnavailableError,
} from '../src/index.ts';
import { LONG_JOB_MS, MAX_ASSIGNED_JOBS, MAX_WAITING_JOBS } from '../src/threads/limits.ts';
import {
  createSimulationPool,
  SIMULATION_WORKER,
  type SimulationPool,
  type SimulationPoolOptions,
} from '../src/threads/pool.ts';
import type { StateSource } from '../src/types.ts';
import { CONTRACT, callTask, ENDLESS, ENDLESS_GAS, RETURN_TOP, wordOf } from './support/calls.ts';
import { PLACES, placeAddress, worlds } from './support/programs.ts';
import { account, TestShards } from './support/shards.ts';

// A worker takes a second of CPU to start, and up to three start one after the other.
const STAYING: AbortSignal = new AbortController().signal;
const SLOW: Address = `0x${'51'.repeat(20)}`;
/** They read the slots at which `memory-hog-worker.ts` fails. */
const HOARDER: Address = `0x${'13'.repeat(20)}`;
const KILLER: Address = `0x${'17'.repeat(20)}`;
const shards = new TestShards(2, [
  account(CONTRACT, { code: `600154${RETURN_TOP}`, storage: new Map([[1n, 41n]]) }),
  account(SLOW, { code: ENDLESS }),
  account(HOARDER, { code: '600d5400', storage: new Map([[1n, 1n]]) }),
  account(KILLER, { code: '60115400', storage: new Map([[1n, 2n]]) }),
]);
const ENDLESS_CALL: Tasks['call'] = { ...callTask(shards, { to: SLOW }), gasCap: ENDLESS_GAS };
/** On a state that is not there. */
const ROOT = `0x${'99'.repeat(32)}` as const;
const GONE: Tasks['call'] = { ...callTask(shards), point: { roots: [ROOT, ROOT], historyShard: 0 } };
const HOG = new URL('./support/memory-hog-worker.ts', import.meta.url);

const opened: SimulationPool[] = [];
afterAll(async () => {
  for (const pool of opened) await pool.close();
});

/** Not more pools than needed: a worker takes a second to start. */
function open(options: Partial<SimulationPoolOptions>): SimulationPool {
  const usual = { workers: 1, source: shards, jobTimeMs: 60_000, heapMb: 128, entry: SIMULATION_WORKER };
  const pool = createSimulationPool({ ...usual, ...options });
  opened.push(pool);
  return pool;
}

async function answer(pool: SimulationPool, task: Tasks['call'] = callTask(shards)): Promise<bigint> {
  return wordOf((await pool.run('call', task, new AbortController().signal)).outcome);
}

describe('a simulation pool', () => {
  // What it asks is another source in each case.
  const state: { current: TestShards } = { current: shards };
  const source: StateSource = {
    state: (shard, root) => state.current.state(shard, root),
    blockHash: (number) => state.current.blockHash(number),
  };
  const pool = open({ source });

  test('gives what the engine gives on this thread: calls over four shards', async () => {
    const message = fc.record({ to: fc.nat(PLACES - 1).map(placeAddress), value: fc.constantFrom(0n, 0n, 1n) });
    await fc.assert(
      fc.asyncProperty(worlds(4), fc.array(message, { minLength: 1, maxLength: 6 }), async (accounts, messages) => {
        state.current = new TestShards(4, accounts);
        const inline = inlineRunner(state.current);
        for (const kind of ['call', 'accessList'] as const) {
          const tasks = messages.map((fields) => ({ ...callTask(state.current, fields), gasCap: 300_000n }));
          const expected = await Promise.all(tasks.map((task) => inline.run(kind, task, STAYING)));
          const results = await Promise.all(tasks.map((task) => pool.run(kind, task, STAYING)));
          expect(results).toEqual(expected);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('asks little: what came along with the job, or was read before, is not read again', async () => {
    state.current = shards;
    expect(await answer(pool)).toBe(41n);
    const first = shards.reads;
    expect(await answer(pool)).toBe(41n);
    expect(shards.reads).toBe(first);
  });

  test('a read that fails ends its job as it failed, and nothing else', async () => {
    await expect(pool.run('call', GONE, STAYING)).rejects.toThrow(new StateUnavailableError(ROOT));
    expect(await answer(pool)).toBe(41n);
    // The account comes along; its slot is read when the disk is gone.
    const troubled = new TestShards(1, [
      account(CONTRACT, { code: `600154${RETURN_TOP}`, storage: new Map([[1n, 2n]]) }),
    ]);
    state.current = troubled;
    troubled.slotTrouble = new RangeError('the disk is gone');
    await expect(pool.run('call', callTask(troubled), STAYING)).rejects.toThrow(troubled.slotTrouble);
    troubled.slotTrouble = null;
    expect(await answer(pool, callTask(troubled))).toBe(2n);
  });
});

test('a job is ended after its time, and those behind it are done', async () => {
  const pool = open({ jobTimeMs: 150 });
  const endless = pool.run('call', ENDLESS_CALL, STAYING);
  const behind = answer(pool);
  await expect(endless).rejects.toThrow(new SimulationTimeoutError(150));
  expect(await behind).toBe(41n);
  // Its client's next jobs wait where long ones run; one that ends before it begins takes nobody's place there.
  await expect(pool.run('call', GONE, STAYING)).rejects.toThrow(StateUnavailableError);
  expect(await answer(pool)).toBe(41n);
});

test('short jobs are done while long ones run, however many there are', async () => {
  const pool = open({ workers: 2 });
  const clients = [new AbortController(), new AbortController()];
  const ended: unknown[] = [];
  const endless = clients.map(async ({ signal }) => {
    await pool.run('call', ENDLESS_CALL, signal).catch((error: unknown) => ended.push(error));
  });
  expect(await answer(pool)).toBe(41n);
  await sleep(LONG_JOB_MS * 2);
  expect(await answer(pool)).toBe(41n);
  expect(ended).toEqual([]);
  for (const client of clients) client.abort();
  await Promise.all(endless);
  expect(ended.every((error) => error instanceof SimulationCancelledError)).toBe(true);
});

describe('a simulation pool in trouble', () => {
  const pool = open({ heapMb: 48, entry: HOG });

  test('ends what nobody waits for: running, waiting, or asked for too late', async () => {
    const [running, waiting] = [new AbortController(), new AbortController()];
    expect(await answer(pool)).toBe(41n);
    const jobs = [running, waiting].map(({ signal }) => pool.run('call', ENDLESS_CALL, signal));
    waiting.abort();
    await expect(jobs[1]).rejects.toThrow(SimulationCancelledError);
    running.abort();
    await expect(jobs[0]).rejects.toThrow(SimulationCancelledError);
    await expect(pool.run('call', ENDLESS_CALL, running.signal)).rejects.toThrow(SimulationCancelledError);
    // The only worker would be taken for a minute.
    expect(await answer(pool)).toBe(41n);
  });

  test('loses a job that takes all memory, and no other', async () => {
    const hog = pool.run('call', callTask(shards, { to: HOARDER }), STAYING);
    const behind = answer(pool);
    await expect(hog).rejects.toThrow(new SimulationMemoryError(48));
    expect(await behind).toBe(41n);
  });

  test('loses a job that ends its worker, and no other', async () => {
    const deadly = pool.run('call', callTask(shards, { to: KILLER }), STAYING);
    const next = answer(pool);
    await expect(deadly).rejects.toThrow(SimulationFailedError);
    expect(await next).toBe(41n);
  });

  test('refuses jobs when too many wait; close ends them all', async () => {
    const jobs = Array.from({ length: MAX_WAITING_JOBS + 2 }, () => pool.run('call', ENDLESS_CALL, STAYING));
    const ends = Promise.allSettled(jobs);
    for (let asked = 0; asked < MAX_ASSIGNED_JOBS; asked++)
      void pool.run('call', ENDLESS_CALL, STAYING).catch(() => {});
    await expect(pool.run('call', callTask(shards), STAYING)).rejects.toThrow(SimulationBusyError);
    await pool.close();
    const errors = (await ends).map((end) => (end.status === 'rejected' ? end.reason : null));
    expect(
      errors.every((error) => error instanceof SimulationCancelledError || error instanceof SimulationBusyError),
    ).toBe(true);
    await expect(pool.run('call', callTask(shards), STAYING)).rejects.toThrow(SimulationCancelledError);
  });

  test('fails jobs when workers do not start', async () => {
    const stillborn = open({ entry: new URL('./support/stillborn-worker.ts', import.meta.url) });
    await expect(stillborn.run('call', callTask(shards), STAYING)).rejects.toThrow(SimulationFailedError);
  });
});
