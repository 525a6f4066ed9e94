/**
 * Sends transactions to a devnet while validators are stopped and started at random, never more than f at a time, and
 * checks that every transaction is executed, that no wei is made or lost, and that no validator logs an error.
 *
 * Usage: node soak.ts [seconds] [seed] [devnet flags …]. Prints one JSON line; exit code 1
 * when something was wrong.
 */
import { rm } from 'node:fs/promises';
import { parseEther } from 'viem';
import { startDevnetProcess } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { allReceipts } from '../support/receipts.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { readSupply, SupplyAudit } from '../support/supply-audit.ts';
import { Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';
import { loggedErrors, readHeight, startValidator, stopValidator } from '../support/validators.ts';

interface Report {
  readonly seed: number;
  readonly seconds: number;
  readonly transactions: number;
  readonly blocks: number;
  /** How often a validator was stopped. */
  readonly stops: number;
  /** Blocks after which the supply was counted. */
  readonly audits: number;
  /** Longest time from a request to its answer; the devnet answers when it has executed, or after 2 seconds. */
  readonly slowestMs: number;
  readonly failedTransactions: number;
  readonly warnings: number;
  readonly problems: readonly string[];
}

/** Transactions of one request. */
const BATCH = 5;
/** A validator is down for this long at most, milliseconds, and up again for a third of it before the next one stops. */
const LONGEST_OUTAGE_MS = 3_000;
const AUDIT_EVERY_MS = 1_000;
/** For what is still on its way when the traffic ends. */
const SETTLE_MS = 60_000;

const [secondsText = '60', seedText = '1', ...flags] = process.argv.slice(2);
const directory = await temporaryDirectory();
try {
  const report = await run(Number(secondsText), Number(seedText));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.problems.length > 0) process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(seconds: number, seed: number): Promise<Report> {
  const random = seededNumbers(seed);
  const devnet = await startDevnetProcess(['--data-dir', directory, ...flags]);
  const { urls, accounts, validators, shards } = devnet.ready;
  const problems: string[] = [];
  const audit = new SupplyAudit(urls.http, parseEther('10000') * BigInt(accounts.length), { validators, shards });
  audit.watch(...accounts.map(({ address }) => address));
  const end = performance.now() + seconds * 1_000;
  const isOver = (): boolean => performance.now() > end || problems.length > 0;
  const note = (error: unknown): void => void problems.push(error instanceof Error ? error.message : String(error));

  const [traffic, stops] = await Promise.all([
    sendUntil(isOver, await Transfers.create(devnet.ready, random)).catch((error: unknown) => {
      note(error);
      return { hashes: [], slowestMs: 0 };
    }),
    disturbUntil(isOver, urls.http, validators, random).catch((error: unknown) => {
      note(error);
      return 0;
    }),
    auditUntil(isOver, audit).catch(note),
  ]);
  const places = await allReceipts(urls.http, traffic.hashes, SETTLE_MS).catch((error: unknown) => {
    note(error);
    return new Map();
  });
  await until(async () => BigInt((await readSupply(urls.http)).inFlight) === 0n, SETTLE_MS).catch(note);
  await audit.check().catch(note);
  problems.push(...loggedErrors(devnet));
  const blocks = await readHeight(urls.http);
  await devnet.stop();
  return {
    seed,
    seconds,
    transactions: traffic.hashes.length,
    blocks,
    stops,
    audits: audit.checked,
    slowestMs: Math.round(traffic.slowestMs),
    failedTransactions: [...places.values()].filter(({ status }) => status !== '0x1').length,
    warnings: devnet
      .log()
      .split('\n')
      .filter((line) => / WARN /.test(line)).length,
    problems,
  };
}

/** Each account sends as fast as it is answered. */
async function sendUntil(
  isOver: () => boolean,
  transfers: Transfers,
): Promise<{ readonly hashes: readonly string[]; readonly slowestMs: number }> {
  const hashes: string[] = [];
  let slowestMs = 0;
  const sendFrom = async (index: number): Promise<void> => {
    while (!isOver()) {
      const startedMs = performance.now();
      hashes.push(...(await transfers.sendFrom(index, BATCH)));
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: transfers.senders }, (_, index) => sendFrom(index)));
  return { hashes, slowestMs };
}

/** Stops one validator after another, f at a time at most. Resolves to the number of stops when all run again. */
async function disturbUntil(
  isOver: () => boolean,
  url: string,
  validators: number,
  random: SeededNumbers,
): Promise<number> {
  let stops = 0;
  const down = new Set<number>();
  const disturb = async (): Promise<void> => {
    while (!isOver()) {
      const index = random.pick(Array.from({ length: validators }, (_, i) => i).filter((i) => !down.has(i)));
      down.add(index);
      await stopValidator(url, index);
      stops += 1;
      await pause(random.below(LONGEST_OUTAGE_MS));
      await startValidator(url, index);
      down.delete(index);
      await pause(random.below(LONGEST_OUTAGE_MS / 3));
    }
  };
  const most = Math.floor((validators - 1) / 3);
  await Promise.all(Array.from({ length: most }, disturb));
  return stops;
}

async function auditUntil(isOver: () => boolean, audit: SupplyAudit): Promise<void> {
  while (!isOver()) {
    await audit.check();
    await pause(AUDIT_EVERY_MS);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
