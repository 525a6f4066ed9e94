/**
 * Kills validators of four processes over libp2p with SIGKILL while they take transactions: one of them in most rounds, all at
 * once in every so many. Started again, all must agree on the chain, every receipt that anybody gave must be on all of them, what
 * was taken must be executed, and nobody may have proof that one of them signed two contradicting messages.
 *
 * Usage: node network-kill.ts [rounds] [every] [seed]: all at once in each round whose number `every` divides. Prints one JSON
 * line; rejects when something was lost.
 */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rpc } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { startValidatorProcess, type ValidatorProcess } from '../support/heddle-process.ts';
import { createNetwork } from '../support/network-of-processes.ts';
import { allReceipts, displaced, noteReceipts, type Place } from '../support/receipts.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { fundedPlace, Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';
import { loggedErrors } from '../support/validators.ts';

interface Report {
  readonly rounds: number;
  readonly killedOne: number;
  readonly killedAll: number;
  readonly sent: number;
  readonly receiptsBeforeKills: number;
  readonly head: number;
}

const VALIDATORS = [0, 1, 2, 3];
const SENDERS = 10;
const BURST = 20;
/** A kill comes within this after a burst has been sent, ms: blocks of it are being made then. */
const MOMENTS_MS = 1_500;
const AGREED_MS = 120_000;

const [roundsText = '60', everyText = '6', seedText = '1'] = process.argv.slice(2);
const directory = await temporaryDirectory();
try {
  const report = await run(Number(roundsText), Number(everyText), seededNumbers(Number(seedText)));
  process.stdout.write(`${JSON.stringify({ ...report, seed: Number(seedText) })}\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(rounds: number, every: number, random: SeededNumbers): Promise<Report> {
  await createNetwork(directory, VALIDATORS.length);
  const nodes = await Promise.all(VALIDATORS.map(start));
  const given = new Map<string, Place>();
  const count = { killedOne: 0, killedAll: 0, sent: 0, receiptsBeforeKills: 0 };
  for (let round = 1; round <= rounds; round++) {
    const isAll = round % every === 0;
    const victims = isAll ? VALIDATORS : [random.pick(VALIDATORS)];
    const hashes = await loadAndKill(nodes, victims, random, given);
    count.sent += hashes.length;
    count.receiptsBeforeKills += hashes.filter((hash) => given.has(hash)).length;
    count[isAll ? 'killedAll' : 'killedOne']++;
    await Promise.all(
      victims.map(async (index) => {
        nodes[index] = await start(index);
      }),
    );
    await agreed(nodes, given);
    // What a node has taken is not forgotten, whenever it was killed.
    for (const [hash, place] of await allReceipts(urlOf(nodes, 0), hashes, AGREED_MS)) given.set(hash, place);
  }
  const head = Math.max(...(await Promise.all(nodes.map(heightOf))));
  for (const node of nodes) strictEqual(await node.stop(), 0);
  return { rounds, ...count, head };
}

function start(index: number): Promise<ValidatorProcess> {
  return startValidatorProcess(join(directory, 'net', `validator-${index}`), ['--log-level', 'warn']);
}

/** Sends transfers to one node, kills the victims at some moment, and notes each receipt that was given before or is now. */
async function loadAndKill(
  nodes: readonly ValidatorProcess[],
  victims: readonly number[],
  random: SeededNumbers,
  given: Map<string, Place>,
): Promise<readonly string[]> {
  const transfers = await Transfers.create(fundedPlace(urlOf(nodes, random.below(nodes.length)), SENDERS), random);
  const hashes = await transfers.send(BURST);
  const notes = nodes.map(({ url }) => noteReceipts(url, hashes, given));
  await new Promise((resolve) => setTimeout(resolve, random.below(MOMENTS_MS)));
  await Promise.all(victims.map((index) => nodes[index]?.kill()));
  await Promise.all(notes.map((stopNoting) => stopNoting()));
  return hashes;
}

function urlOf(nodes: readonly ValidatorProcess[], index: number): string {
  const node = nodes[index];
  ok(node !== undefined);
  return node.url;
}

async function heightOf({ url }: ValidatorProcess): Promise<number> {
  return Number(await rpc(url, 'eth_blockNumber'));
}

/** All have one chain, with every receipt that was given; nobody is convicted. */
async function agreed(nodes: readonly ValidatorProcess[], given: ReadonlyMap<string, Place>): Promise<void> {
  await until(async () => {
    const heads = await Promise.all(nodes.map(({ url }) => rpc(url, 'eth_getBlockByNumber', ['latest', false])));
    const named = heads.map((head) => (typeof head === 'object' && head !== null && 'hash' in head ? head.hash : null));
    return new Set(named).size === 1;
  }, AGREED_MS);
  for (const node of nodes) {
    const { url } = node;
    deepStrictEqual(await displaced(url, given), [], `${url} does not have what was final`);
    const topology = await rpc(url, 'shard_topology');
    ok(typeof topology === 'object' && topology !== null && 'evidence' in topology && 'disagreements' in topology);
    deepStrictEqual([topology.evidence, topology.disagreements], [0, 0], 'somebody is convicted');
    deepStrictEqual(loggedErrors(node), []);
  }
}
