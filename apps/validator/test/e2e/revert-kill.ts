/**
 * Kills a devnet with SIGKILL in the middle of a revert, again and again, and starts it on the same data: all validators must
 * be where they were before the revert, or all at the snapshot, which is there still or not accordingly; and the chain must
 * go on whoever of them is left out.
 *
 * Usage: node revert-kill.ts [rounds] [seed]. Prints one JSON line; rejects when something is half done.
 */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { until } from '../support/until.ts';

interface Report {
  readonly rounds: number;
  /** Kills that the revert was over before. */
  readonly late: number;
  /** Starts that found all validators where they were, and those that found or brought all to the snapshot. */
  readonly before: number;
  readonly after: number;
}

const VALIDATORS = [0, 1, 2, 3];
const SOMEBODY = '0x00000000000000000000000000000000000000aa';
/** Blocks that a revert takes back at most: enough that it takes some time. */
const MOST_BLOCKS = 12;

const [roundsText = '50', seedText = '1'] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'heddle-revert-kill-'));
try {
  process.stdout.write(`${JSON.stringify(await run(Number(roundsText), seededNumbers(Number(seedText))))}\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(rounds: number, random: SeededNumbers): Promise<Report> {
  let devnet = await start();
  // Of one that is let be: kills come within this.
  let takesMs = await timedRevert(devnet, random);
  const count = { late: 0, before: 0, after: 0 };
  for (let round = 0; round < rounds; round++) {
    const url = devnet.ready.urls.http;
    const stopped = random.below(5);
    const { id, there, above } = await chainToLose(url, random, stopped);
    const started = performance.now();
    let isDone = false;
    const asked = rpc(url, 'evm_revert', [id]).then(
      () => {
        isDone = true;
        takesMs = performance.now() - started;
      },
      () => {},
    );
    await pause(random.below(Math.ceil(takesMs * 1_000)) / 1_000);
    if (isDone) count.late++;
    await devnet.kill();
    await asked;
    devnet = await start();
    const place = await placeOfAll(devnet.ready.urls.http);
    const isBefore = await isOn(devnet.ready.urls.http, place, { there, above });
    strictEqual(isDone && isBefore, false, 'what was answered is not there');
    // A snapshot is there as long as the blocks above it may be.
    strictEqual(await rpc(devnet.ready.urls.http, 'evm_revert', [id]), isBefore);
    strictEqual((await placeOfAll(devnet.ready.urls.http)).hash, there.hash);
    count[isBefore ? 'before' : 'after']++;
    await goOnWithout(devnet.ready.urls.http, random.pick(VALIDATORS));
  }
  strictEqual(await devnet.stop(), 0);
  return { rounds, ...count };
}

function start(): Promise<DevnetProcess> {
  return startDevnetProcess(['--data-dir', directory]);
}

async function timedRevert(devnet: DevnetProcess, random: SeededNumbers): Promise<number> {
  const url = devnet.ready.urls.http;
  const { id } = await chainToLose(url, random, VALIDATORS.length);
  const started = performance.now();
  await rpc(url, 'evm_revert', [id]);
  return performance.now() - started;
}

/** A snapshot with some blocks above it. `stopped`: a validator that does not see all of them, if there is one of this number. */
async function chainToLose(
  url: string,
  random: SeededNumbers,
  stopped: number,
): Promise<{ readonly id: unknown; readonly there: Place; readonly above: Place }> {
  await rpc(url, 'evm_mine');
  const there = await headOf(url);
  const id = await rpc(url, 'evm_snapshot');
  const blocks = 1 + random.below(MOST_BLOCKS);
  for (let block = 0; block < blocks; block++) {
    if (block === blocks >> 1 && VALIDATORS.includes(stopped)) await rpc(url, 'heddle_stopValidator', [stopped]);
    await rpc(url, 'anvil_setBalance', [SOMEBODY, `0x${(block + 1).toString(16)}`]);
  }
  return { id, there, above: await headOf(url) };
}

interface Place {
  readonly number: string;
  readonly hash: string;
}

async function blockAt(url: string, number: string): Promise<Place> {
  const block = await rpc(url, 'eth_getBlockByNumber', [number, false]);
  ok(
    typeof block === 'object' && block !== null && 'hash' in block && 'number' in block,
    `there is no block ${number}`,
  );
  return { number: String(block.number), hash: String(block.hash) };
}

function headOf(url: string): Promise<Place> {
  return blockAt(url, 'latest');
}

/** Whether the chain is the one that was there before the revert, to which an empty block may have come; else it ends at the snapshot. */
async function isOn(
  url: string,
  place: Place,
  { there, above }: { readonly there: Place; readonly above: Place },
): Promise<boolean> {
  if (place.hash === there.hash) return false;
  const found = `at ${place.number} ${place.hash}, between ${there.number} and ${above.number}`;
  ok(Number(place.number) >= Number(above.number), `they are ${found}`);
  strictEqual((await blockAt(url, above.number)).hash, above.hash, `they are ${found}, on another chain`);
  return true;
}

/** The head that each validator has. Those that a block has not reached yet fetch it soon. */
async function placeOfAll(url: string): Promise<Place> {
  let heads: Place[] = [];
  await until(async () => {
    heads = [];
    for (const index of VALIDATORS) heads.push(await headAlone(url, index));
    return new Set(heads.map(({ hash }) => hash)).size === 1;
  });
  const [head] = heads;
  ok(head !== undefined);
  return head;
}

/** RPC reads from a validator that runs. */
async function headAlone(url: string, index: number): Promise<Place> {
  const others = VALIDATORS.filter((other) => other !== index);
  for (const other of others) deepStrictEqual(await rpc(url, 'heddle_stopValidator', [other]), true);
  const head = await headOf(url);
  for (const other of others) deepStrictEqual(await rpc(url, 'heddle_startValidator', [other]), true);
  return head;
}

async function goOnWithout(url: string, index: number): Promise<void> {
  await rpc(url, 'heddle_stopValidator', [index]);
  await rpc(url, 'evm_mine');
  await rpc(url, 'heddle_startValidator', [index]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
