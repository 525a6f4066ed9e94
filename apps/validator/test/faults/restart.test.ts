import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { allReceipts, readReceipts } from '../support/receipts.ts';
import { rpcBatch } from '../support/rpc-batch.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { loggedErrors, readHeight, startValidator, stopValidator } from '../support/validators.ts';

const TRANSFERS = 30;
const RECOVERY_MS = 30_000;
/** Longer than any timer that could make a block by itself. */
const IDLE_MS = 2_000;

let directory: string;
let devnet: DevnetProcess;

beforeAll(async () => {
  directory = await temporaryDirectory();
  devnet = await startDevnetProcess(['--data-dir', directory]);
});

afterAll(async () => {
  await devnet.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Stops the devnet as Ctrl-C does and starts it on the same files. */
async function restart(): Promise<void> {
  expect(loggedErrors(devnet)).toEqual([]);
  expect(await devnet.stop()).toBe(0);
  devnet = await startDevnetProcess(['--data-dir', directory]);
}

async function send(count: number): ReturnType<typeof allReceipts> {
  const url = devnet.ready.urls.http;
  const transfers = await Transfers.create(devnet.ready, seededNumbers(devnet.ready.head));
  return allReceipts(url, await transfers.send(count), RECOVERY_MS);
}

/** Head block, chunk heads, and every account with its past. */
async function readEverything(): Promise<readonly unknown[]> {
  const addresses = devnet.ready.accounts.map(({ address }) => address);
  return rpcBatch(devnet.ready.urls.http, [
    { method: 'eth_getBlockByNumber', params: ['latest', true] },
    { method: 'shard_topology', params: [] },
    { method: 'shard_getSupply', params: [] },
    ...addresses.map((address) => ({ method: 'eth_getBalance', params: [address, 'latest'] })),
    ...addresses.map((address) => ({ method: 'eth_getTransactionCount', params: [address, 'pending'] })),
    ...addresses.map((address) => ({ method: 'eth_getBalance', params: [address, '0x2'] })),
  ]);
}

/** Without work no block comes; what was sent before is done by then, returned gas included. */
async function staysIdle(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS / 2));
  const height = await readHeight(devnet.ready.urls.http);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  expect(await readHeight(devnet.ready.urls.http)).toBe(height);
  return height;
}

test('an idle devnet makes no block', async () => {
  expect(await staysIdle()).toBe(0);
  await send(TRANSFERS);
  expect(await staysIdle()).toBeGreaterThan(0);
});

test('a restarted devnet has head, state and receipts, is idle, and goes on', async () => {
  const places = await send(TRANSFERS);
  const height = await staysIdle();
  const before = await readEverything();
  await restart();
  expect(devnet.ready.head).toBe(height);
  expect(await readEverything()).toEqual(before);
  expect(await readReceipts(devnet.ready.urls.http, [...places.keys()])).toEqual(places);
  expect(await staysIdle()).toBe(height);
  await send(TRANSFERS);
  expect(await readHeight(devnet.ready.urls.http)).toBeGreaterThan(height);
});

test('a validator that was stopped before the restart catches up', async () => {
  const { http } = devnet.ready.urls;
  await stopValidator(http, 0);
  const places = await send(TRANSFERS);
  const height = await staysIdle();
  await restart();
  const { urls } = devnet.ready;
  await stopValidator(urls.http, 3);
  await send(TRANSFERS);
  for (const index of [1, 2]) await stopValidator(urls.http, index);
  // Only the one that was behind is left.
  expect(await readHeight(urls.http)).toBeGreaterThan(height);
  expect(await readReceipts(urls.http, [...places.keys()])).toEqual(places);
  for (const index of [1, 2, 3]) await startValidator(urls.http, index);
  await send(TRANSFERS);
  expect(await rpc(urls.http, 'eth_syncing')).toBe(false);
});
