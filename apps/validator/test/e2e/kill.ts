/**
 * Kills a devnet with SIGKILL while transactions are in flight, again and again, and starts it on the same data: every
 * transaction that had a receipt must have it still, in the same block, and the chain must go on.
 *
 * Usage: node --conditions=heddle-source kill.ts [rounds] [transactions in flight] [seed]. Prints one JSON line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { allReceipts, displaced, type Place, readReceipts } from '../support/receipts.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';

interface Report {
  readonly rounds: number;
  readonly sent: number;
  /** Transactions whose receipt was seen before a kill. */
  readonly receiptsBeforeKills: number;
  readonly lost: readonly string[];
  /** By round: transactions taken before the kill that are not in a block that was final then. */
  readonly inFlightAtKill: readonly number[];
  /** By round: the head that was seen last before the kill. */
  readonly headAtKill: readonly number[];
  readonly restartMs: readonly number[];
  readonly finalHeight: number;
}

/** A devnet up to its kill, as seen from outside. */
interface Life {
  readonly sent: readonly string[];
  readonly seen: ReadonlyMap<string, Place>;
  readonly head: number;
}

/** Transactions of the batches before the last one: they are anywhere between the pool and the disk at the kill. */
const BATCH = 40;
/** A kill comes this long after the first batch at most, milliseconds. */
const LONGEST_LIFE_MS = 900;
/** And this long after the last batch at most: too short for it to become final. */
const LONGEST_PAUSE_MS = 25;

const [roundsText = '20', inFlightText = '60', seedText = '1'] = process.argv.slice(2);
const random = seededNumbers(Number(seedText));
const directory = await mkdtemp(join(tmpdir(), 'heddle-kill-'));
try {
  process.stdout.write(`${JSON.stringify(await run(Number(roundsText), Number(inFlightText)))}\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(rounds: number, inFlight: number): Promise<Report> {
  const known = new Map<string, Place>();
  const lost: string[] = [];
  const inFlightAtKill: number[] = [];
  const headAtKill: number[] = [];
  const restartMs: number[] = [];
  let sent = 0;
  let devnet = await startDevnet();
  for (let round = 0; round < rounds; round++) {
    const life = await liveAndDie(devnet, random, inFlight);
    for (const [hash, place] of life.seen) known.set(hash, place);
    sent += life.sent.length;
    headAtKill.push(life.head);
    const startedMs = performance.now();
    devnet = await startDevnet();
    restartMs.push(Math.round(performance.now() - startedMs));
    lost.push(...(await displaced(devnet.ready.urls.http, known)));
    inFlightAtKill.push(await countAbove(devnet.ready.urls.http, life.sent, devnet.ready.head));
  }
  const finalHeight = await goOn(devnet);
  await devnet.stop();
  const receiptsBeforeKills = known.size;
  return { rounds, sent, receiptsBeforeKills, lost, inFlightAtKill, headAtKill, restartMs, finalHeight };
}

function startDevnet(): Promise<DevnetProcess> {
  return startDevnetProcess(['--data-dir', directory, '--balance', '1000000']);
}

/** Traffic for a random while, then `inFlight` transactions at once, and the kill. */
async function liveAndDie(devnet: DevnetProcess, random: SeededNumbers, inFlight: number): Promise<Life> {
  const url = devnet.ready.urls.http;
  const transfers = await Transfers.create(devnet.ready, random);
  const sent: string[] = [];
  const seen = new Map<string, Place>();
  const watching = watch(url, sent, seen);
  const end = performance.now() + random.below(LONGEST_LIFE_MS);
  while (performance.now() < end) {
    sent.push(...(await transfers.send(BATCH)));
    await pause(random.below(100));
  }
  const head = Number(await rpc(url, 'eth_blockNumber'));
  sent.push(...(await transfers.send(inFlight)));
  await pause(random.below(LONGEST_PAUSE_MS));
  await devnet.kill();
  await watching;
  return { sent, seen, head };
}

/** Transactions without a receipt up to block `head`: with those on their way to finality a restarted devnet goes on. */
async function countAbove(url: string, hashes: readonly string[], head: number): Promise<number> {
  const places = await readReceipts(url, hashes);
  return hashes.length - [...places.values()].filter(({ blockNumber }) => Number(blockNumber) <= head).length;
}

/** Notes every receipt that the devnet shows, until it is gone. */
async function watch(url: string, sent: readonly string[], seen: Map<string, Place>): Promise<void> {
  for (;;) {
    const waiting = sent.filter((hash) => !seen.has(hash));
    const found = await readReceipts(url, waiting).catch(() => null);
    if (found === null) return;
    for (const [hash, place] of found) seen.set(hash, place);
    await pause(5);
  }
}

/** The chain takes and executes transactions. Resolves to its height then. */
async function goOn(devnet: DevnetProcess): Promise<number> {
  const url = devnet.ready.urls.http;
  const before = Number(await rpc(url, 'eth_blockNumber'));
  const transfers = await Transfers.create(devnet.ready, random);
  await allReceipts(url, await transfers.send(devnet.ready.accounts.length));
  const height = Number(await rpc(url, 'eth_blockNumber'));
  if (height <= before) throw new Error(`the chain did not go on from block ${before}`);
  return height;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
