import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { chunkExecutions } from '../support/chunk-executions.ts';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { allReceipts } from '../support/receipts.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { flood } from './flood.ts';

/** Every chunk with a transaction goes to threads, as soon as these are up. */
const LANES = ['--lanes', '2', '--lane-threshold', '0', '--accounts', '20'];
const SHARDS = 2;
const WARMING_TRANSFERS = 20;
/** An ordered stop takes well under two seconds; the machine may be busy with other tests, and stand still for a while. */
const STOP_MS = 15_000;

let devnet: DevnetProcess | null = null;

afterEach(async () => {
  await devnet?.kill().catch(() => {});
  devnet = null;
});

async function start(): Promise<{ readonly running: DevnetProcess; readonly transfers: Transfers }> {
  const running = await startDevnetProcess([...LANES, '--shards', String(SHARDS)]);
  devnet = running;
  return { running, transfers: await Transfers.create(running.ready, seededNumbers(3)) };
}

/** Sends until the threads have taken over; resolves to how many were sent. */
async function warmUp(running: DevnetProcess, transfers: Transfers): Promise<number> {
  const { http } = running.ready.urls;
  const deadline = performance.now() + 30_000;
  for (let sent = WARMING_TRANSFERS; ; sent += WARMING_TRANSFERS) {
    await allReceipts(http, await transfers.send(WARMING_TRANSFERS));
    const { byPath } = await chunkExecutions(http, SHARDS);
    if (byPath.producer > 0 && byPath.validator > 0) return sent;
    if (performance.now() > deadline) throw new Error(`the threads have not taken over: ${JSON.stringify(byPath)}`);
  }
}

test('chunks are produced and verified in lanes, and lanes and the sequential code agree', async () => {
  const { running, transfers } = await start();
  const warming = await warmUp(running, transfers);
  const { http } = running.ready.urls;
  const receipts = await allReceipts(http, await transfers.send(300));
  expect([...receipts.values()].every(({ status }) => status === '0x1')).toBe(true);
  const { transactions, inSections, disagreements } = await chunkExecutions(http, SHARDS);
  expect(transactions + inSections).toBe(warming + 300);
  expect(transactions).toBeGreaterThan(0);
  expect(inSections).toBeGreaterThan(0);
  expect(disagreements).toBe(0);
  expect(await running.stop()).toBe(0);
  expect(running.log()).not.toContain('error');
});

test('a devnet that is stopped with chunks in the lanes ends at once and in order', async () => {
  const { running, transfers } = await start();
  await warmUp(running, transfers);
  const stopFlood = flood(transfers);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const startedMs = performance.now();
  const flooded = stopFlood();
  expect(await running.stop()).toBe(0);
  await flooded;
  expect(performance.now() - startedMs).toBeLessThan(STOP_MS);
  expect(running.log()).not.toContain('error');
});

test('a killed devnet takes its threads with it', async () => {
  const { running, transfers } = await start();
  await warmUp(running, transfers);
  const stopFlood = flood(transfers);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const closed = once(running.child, 'close');
  // Its last requests are not answered any more.
  const flooded = stopFlood();
  await running.kill();
  await flooded;
  // A process or thread that had outlived it would hold its standard error open.
  await closed;
  expect(() => process.kill(running.ready.pid, 0)).toThrow('ESRCH');
  await expect(rpc(running.ready.urls.http, 'eth_chainId')).rejects.toThrow();
});
