import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DevnetProcess, startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { allReceipts, readReceipts } from '../support/receipts.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { stopValidator } from '../support/validators.ts';

const TRANSFERS = 40;
const RECOVERY_MS = 30_000;

let directory: string;
let devnet: DevnetProcess;

beforeEach(async () => {
  directory = await temporaryDirectory();
  devnet = await startDevnetProcess(['--data-dir', directory]);
});

afterEach(async () => {
  await devnet.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Transactions that are acknowledged and can't be executed: half of the validators are stopped. */
async function sendInVain(): Promise<readonly string[]> {
  const { url, transfers } = {
    url: devnet.ready.urls.http,
    transfers: await Transfers.create(devnet.ready, seededNumbers(7)),
  };
  // The one that takes them is stopped before the end: what it handed on counts as well.
  await stopValidator(url, 3);
  await stopValidator(url, 2);
  const sent = await transfers.send(TRANSFERS);
  await stopValidator(url, 0);
  expect((await readReceipts(url, sent)).size).toBe(0);
  return sent;
}

test.each(['killed', 'stopped'])(
  'a devnet that is %s with acknowledged transactions executes them all after the restart',
  async (how) => {
    const sent = await sendInVain();
    if (how === 'killed') await devnet.kill();
    else expect(await devnet.stop()).toBe(0);
    devnet = await startDevnetProcess(['--data-dir', directory]);
    await allReceipts(devnet.ready.urls.http, sent, RECOVERY_MS);
  },
);
