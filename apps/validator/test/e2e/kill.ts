/**
 * Kills a devnet with SIGKILL while transactions are in flight, again and again, and starts it on the same data: every
 * transaction that had a receipt must have it still, in the same block, every other one that was acknowledged must get
 * one, and the chain must go on.
 *
 * Usage: node kill.ts [rounds] [transactions in flight] [seed]. Prints one JSON line;
 * exit code 1 when something was lost.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { watchDevnet } from '../support/devnet-watch.ts';
import { allReceipts, displaced, noteReceipts, type Place, readReceipts } from '../support/receipts.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { Transfers } from '../support/transfers.ts';
import { flood } from './flood.ts';

interface Report {
  readonly rounds: number;
  /** Kills that came when fewer were in flight than asked for; they are checked like the others and not counted. */
  readonly thinRounds: number;
  /** Kills right after a restart, while the validators were still agreeing on what they had before. */
  readonly interruptedRecoveries: number;
  readonly sent: number;
  /** Transactions whose receipt was seen before a kill. */
  readonly receiptsBeforeKills: number;
  /** Those of them, and announced blocks, that are not there after a restart, or not the same. */
  readonly lost: readonly string[];
  /** Transactions that the devnet had acknowledged before it was killed. */
  readonly acknowledged: number;
  /** Those of them that have no receipt a while after the restart. */
  readonly forgotten: readonly string[];
  /** By round: transactions that had been taken and were in no final block at the kill. */
  readonly inFlightAtKill: readonly number[];
  /** By round: the head at the kill. */
  readonly headAtKill: readonly number[];
  readonly restartMs: readonly number[];
  readonly finalHeight: number;
}

/** A devnet up to its kill, as seen from outside. */
interface Life {
  readonly sent: readonly string[];
  readonly acknowledged: readonly string[];
  readonly seen: ReadonlyMap<string, Place>;
  /** Hashes of the final blocks that it announced, by number: with them their transactions had receipts. */
  readonly blocks: ReadonlyMap<number, string>;
  /** Number of the last final block. */
  readonly head: number;
}

/** A devnet makes fewer blocks than this before it is killed, not counting those that it makes during the last pause. */
const MOST_BLOCKS = 12;
/** Steps of waiting for enough transactions, milliseconds at most: a block takes about as long, so kills come at any stage. */
const LONGEST_PAUSE_MS = 60;
/** The second kill of an interrupted recovery comes after this at most, milliseconds. */
const LONGEST_RECOVERY_MS = 400;
/** Votes are said again after 750 ms, so a block that can become final without new work has by then. */
const QUIET_MS = 1_000;

/** Waits of `QUIET_MS` for what the last life had taken: views' timeouts have grown when a kill came at a bad moment. */
const RECOVERY_STEPS = 20;

const [roundsText = '20', inFlightText = '50', seedText = '1'] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'heddle-kill-'));
let lives = 0;
try {
  const report = await run(Number(roundsText), Number(inFlightText), seededNumbers(Number(seedText)));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.lost.length + report.forgotten.length > 0) process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(rounds: number, inFlight: number, random: SeededNumbers): Promise<Report> {
  const known = new Map<string, Place>();
  const lost: string[] = [];
  const forgotten: string[] = [];
  let acknowledged = 0;
  const inFlightAtKill: number[] = [];
  const headAtKill: number[] = [];
  const restartMs: number[] = [];
  let sent = 0;
  let thinRounds = 0;
  let interruptedRecoveries = 0;
  let devnet = await startDevnet();
  while (inFlightAtKill.length < rounds && thinRounds <= rounds) {
    const life = await liveAndDie(devnet, random, inFlight);
    for (const [hash, place] of life.seen) known.set(hash, place);
    sent += life.sent.length;
    if (random.below(4) === 0) {
      interruptedRecoveries += 1;
      await startAndKill(random.below(LONGEST_RECOVERY_MS));
    }
    const startedMs = performance.now();
    devnet = await startDevnet();
    restartMs.push(Math.round(performance.now() - startedMs));
    headAtKill.push(life.head);
    lost.push(...(await lostBlocks(devnet.ready.urls.http, life.blocks)));
    lost.push(...(await displaced(devnet.ready.urls.http, known)));
    acknowledged += life.acknowledged.length;
    forgotten.push(...(await withoutReceipt(devnet.ready.urls.http, life.acknowledged)));
    const wereInFlight = await countAbove(devnet.ready.urls.http, life.sent, life.head);
    if (wereInFlight < inFlight) thinRounds += 1;
    else inFlightAtKill.push(wereInFlight);
  }
  const finalHeight = await goOn(devnet, random);
  await devnet.stop();
  return {
    rounds: inFlightAtKill.length,
    thinRounds,
    interruptedRecoveries,
    sent,
    receiptsBeforeKills: known.size,
    lost,
    acknowledged,
    forgotten,
    inFlightAtKill,
    headAtKill,
    restartMs,
    finalHeight,
  };
}

/** Every other life executes all its chunks on threads. */
function startDevnet(): Promise<DevnetProcess> {
  lives += 1;
  const lanes = lives % 2 === 0 ? ['--lanes', '2', '--lane-threshold', '0'] : [];
  return startDevnetProcess(['--data-dir', directory, '--accounts', '30', ...lanes]);
}

async function startAndKill(delayMs: number): Promise<void> {
  const devnet = await startDevnet();
  await pause(delayMs);
  await devnet.kill();
}

/** A flood of traffic and a kill at a random moment, when at least `inFlight` transactions came after the last block. */
async function liveAndDie(devnet: DevnetProcess, random: SeededNumbers, inFlight: number): Promise<Life> {
  const seen = new Map<string, Place>();
  await quiet(devnet.ready.urls.http);
  const watch = await watchDevnet(devnet.ready.urls.ws);
  const stopFlood = flood(await Transfers.create(devnet.ready, random));
  const stopNoting = noteReceipts(devnet.ready.urls.http, watch.pooled, seen);
  const lastBlock = devnet.ready.head + random.below(MOST_BLOCKS);
  while (watch.head() < lastBlock) await pause(1);
  do await pause(random.below(LONGEST_PAUSE_MS));
  while (watch.pooledSinceHead() < inFlight);
  const acknowledging = stopFlood();
  const stopped = [stopNoting(), watch.closed];
  await devnet.kill();
  await Promise.all(stopped);
  const acknowledged = await acknowledging;
  return {
    sent: watch.pooled,
    acknowledged,
    seen,
    blocks: watch.blocks,
    head: Math.max(devnet.ready.head, watch.head()),
  };
}

/** Those that have no receipt even after a while. */
async function withoutReceipt(url: string, hashes: readonly string[]): Promise<readonly string[]> {
  for (let left = RECOVERY_STEPS; ; left -= 1) {
    const found = await readReceipts(url, hashes);
    if (found.size === hashes.length || left === 0) return hashes.filter((hash) => !found.has(hash));
    await pause(QUIET_MS);
  }
}

/** Announced blocks that are not there any more. */
async function lostBlocks(url: string, announced: ReadonlyMap<number, string>): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [number, hash] of announced) {
    const block = await rpc(url, 'eth_getBlockByNumber', [`0x${number.toString(16)}`, false]);
    const isSame = typeof block === 'object' && block !== null && 'hash' in block && block.hash === hash;
    if (!isSame) lost.push(`block ${number} ${hash}`);
  }
  return lost;
}

/** Transactions without a receipt up to block `head`: a restarted devnet soon has others, from blocks on their way. */
async function countAbove(url: string, hashes: readonly string[], head: number): Promise<number> {
  const places = await readReceipts(url, hashes);
  return hashes.length - [...places.values()].filter(({ blockNumber }) => Number(blockNumber) <= head).length;
}

/** The chain takes and executes transactions. Resolves to its height then. */
async function goOn(devnet: DevnetProcess, random: SeededNumbers): Promise<number> {
  const url = devnet.ready.urls.http;
  const before = await quiet(url);
  const transfers = await Transfers.create(devnet.ready, random);
  await allReceipts(url, await transfers.send(devnet.ready.accounts.length));
  const height = Number(await rpc(url, 'eth_blockNumber'));
  if (height <= before) throw new Error(`the chain did not go on from block ${before}`);
  return height;
}

/**
 * Waits until no block has come for a while: transactions of the last life may be in one that was on its way, and new
 * ones with their nonces would be in vain. Resolves to the height.
 */
async function quiet(url: string): Promise<number> {
  let height = -1;
  for (;;) {
    const next = Number(await rpc(url, 'eth_blockNumber'));
    if (next === height) return height;
    height = next;
    await pause(QUIET_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
