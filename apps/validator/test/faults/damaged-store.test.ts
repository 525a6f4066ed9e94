import { once } from 'node:events';
import { access, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bigintToBytes } from '@heddle/primitives';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { allReceipts } from '../support/receipts.ts';
import { rpcBatch } from '../support/rpc-batch.ts';
import { seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';
import { readHeight, startValidator, stopValidator } from '../support/validators.ts';

const TRANSFERS = 30;
const RECOVERY_MS = 30_000;

let directory: string;
let devnet: DevnetProcess;
let first: string;

/** A chain whose first blocks lie in table files: LevelDB writes its journal to one when it is opened. */
beforeEach(async () => {
  directory = await temporaryDirectory();
  await start();
  first = (await send())[0] ?? '';
  await restart();
});

afterEach(async () => {
  await devnet.stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<void> {
  devnet = await startDevnetProcess(['--data-dir', directory]);
}

async function restart(): Promise<void> {
  await devnet.stop();
  await start();
}

async function send(): Promise<readonly string[]> {
  const transfers = await Transfers.create(devnet.ready, seededNumbers(devnet.ready.head));
  const hashes = await transfers.send(TRANSFERS);
  await allReceipts(devnet.ready.urls.http, hashes, RECOVERY_MS);
  return hashes;
}

const databaseOf = (validator: number): string => join(directory, 'chain', `validator-${validator}`, 'chain');

/** Turns over one bit in every place where a validator's table files have these bytes, as they lie there. */
async function flipIn(validator: number, needle: Uint8Array): Promise<number> {
  let flips = 0;
  for (const name of (await readdir(databaseOf(validator))).filter((file) => file.endsWith('.ldb'))) {
    const path = join(databaseOf(validator), name);
    const bytes = await readFile(path);
    const handle = await open(path, 'r+');
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
      await handle.write(Uint8Array.of((bytes[at + 8] ?? 0) ^ 1), 0, 1, at + 8);
      flips += 1;
    }
    await handle.close();
  }
  return flips;
}

interface Sent {
  readonly hash: string;
  /** 32 bytes that no compression shortens. */
  readonly r: Uint8Array;
  readonly answer: unknown;
}

/** The first transaction of the chain. */
async function firstTransaction(): Promise<Sent> {
  const answer: unknown = await rpc(devnet.ready.urls.http, 'eth_getTransactionByHash', [first]);
  if (typeof answer !== 'object' || answer === null || !('r' in answer)) throw new Error('it is not there');
  return { hash: first, r: bigintToBytes(BigInt(String(answer.r)), 32), answer };
}

test('a flipped bit is refused at the start, with the folder to remove; then the validator has everything again', async () => {
  const { r } = await firstTransaction();
  await restart();
  await devnet.stop();
  expect(await flipIn(1, r)).toBeGreaterThan(0);
  const message = await start().then(
    () => 'started',
    (error: unknown) => String(error),
  );
  expect(message).toMatch(/ended with 4 .*validator-1\/chain is damaged .*remove that folder and start again/s);
  await rm(databaseOf(1), { recursive: true });
  await start();
  const { url } = { url: devnet.ready.urls.http };
  await send();
  // Three of four are a quorum: without the one that was emptied there is no block.
  await stopValidator(url, 0);
  await send();
  await stopValidator(url, 2);
  await startValidator(url, 0);
  await send();
  expect(devnet.log()).not.toMatch(/signs nothing/);
});

/** A bit in every few hundred bytes of a validator's table files, in place: what is read of them from now on is damaged. */
async function wreck(validator: number): Promise<void> {
  for (const name of (await readdir(databaseOf(validator))).filter((file) => file.endsWith('.ldb'))) {
    const path = join(databaseOf(validator), name);
    const bytes = await readFile(path);
    const handle = await open(path, 'r+');
    for (let at = 0; at < bytes.length; at += 200) await handle.write(Uint8Array.of((bytes[at] ?? 0) ^ 1), 0, 1, at);
    await handle.close();
  }
}

test('bits that flip while the node runs give no wrong answer: that validator stops, another one answers', async () => {
  const url = devnet.ready.urls.http;
  const numbers = Array.from({ length: await readHeight(url) }, (_, number) => `0x${number.toString(16)}`);
  const questions = [
    ...devnet.ready.accounts.map(({ address }) => ({ method: 'eth_getBalance', params: [address, '0x1'] })),
    ...numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [number, true] })),
    { method: 'shard_getTransactionTrace', params: [first] },
    { method: 'eth_getTransactionByHash', params: [first] },
  ];
  const before = await rpcBatch(url, questions);
  await restart();
  const again = devnet.ready.urls.http;
  await wreck(0);
  expect(await rpcBatch(again, questions)).toEqual(before);
  expect(devnet.log()).toMatch(/validator 0 stopped for good .*validator-0\/chain is damaged.*remove that folder/);
  const height = await readHeight(again);
  await send();
  expect(await readHeight(again)).toBeGreaterThan(height);
  // Without ending the process: the folder is let go of, and filled by the others.
  await until(async () => {
    await rm(databaseOf(0), { recursive: true, force: true });
    return startValidator(again, 0).then(
      () => true,
      () => false,
    );
  }, RECOVERY_MS);
  await send();
  await stopValidator(again, 3);
  await send();
});

test('a data directory that is removed while it is used ends the devnet in order, with code 4', async () => {
  const exited = once(devnet.child, 'exit');
  await rm(directory, { recursive: true });
  expect((await exited)[0]).toBe(4);
  expect(devnet.log()).toMatch(/LOCK has been removed while it was in use/);
});

test('a genesis that is missing ends the start with code 4, and every file stays as it is', async () => {
  const head = await readHeight(devnet.ready.urls.http);
  await devnet.stop();
  const genesis = join(directory, 'genesis.json');
  const text = await readFile(genesis);
  await rm(genesis);
  await expect(start()).rejects.toThrow(/ended with 4 .*genesis\.json is missing beside a chain that has blocks/s);
  await expect(access(genesis)).rejects.toMatchObject({ code: 'ENOENT' });
  const handle = await open(genesis, 'w');
  await handle.write(text);
  await handle.close();
  await start();
  expect(await readHeight(devnet.ready.urls.http)).toBe(head);
});

test('a validator whose folder is gone comes back silent: nobody knows what it has signed', async () => {
  const url = devnet.ready.urls.http;
  await stopValidator(url, 3);
  await rm(join(directory, 'chain', 'validator-3'), { recursive: true });
  await restart();
  await send();
  expect(devnet.log()).toMatch(/validator-3.*this validator signs nothing.*signer import/);
  const now = devnet.ready.urls.http;
  const height = await readHeight(now);
  await stopValidator(now, 0);
  const transfers = await Transfers.create(devnet.ready, seededNumbers(5));
  const waiting = await transfers.send(2);
  expect(await readHeight(now)).toBe(height);
  await startValidator(now, 0);
  await allReceipts(now, waiting, RECOVERY_MS);
});
