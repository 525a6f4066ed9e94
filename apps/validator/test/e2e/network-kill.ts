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
import { mnemonicToAccount } from 'viem/accounts';
import { rpc } from '../support/devnet-process.ts';
import { temporaryDirectory } from '../support/each-storage.ts';
import { startValidatorProcess, type ValidatorProcess } from '../support/heddle-process.ts';
import { createNetwork } from '../support/network-of-processes.ts';
import { rpcBatch } from '../support/rpc-batch.ts';
import { type SeededNumbers, seededNumbers } from '../support/seeded-numbers.ts';
import { type TransferPlace, Transfers } from '../support/transfers.ts';
import { until } from '../support/until.ts';

interface Report {
  readonly rounds: number;
  readonly killedOne: number;
  readonly killedAll: number;
  readonly sent: number;
  readonly receiptsBeforeKills: number;
  readonly head: number;
}

const VALIDATORS = [0, 1, 2, 3];
const MNEMONIC = 'test test test test test test test test test test test junk';
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
  const given = new Map<string, string>();
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
    for (const [index, block] of (await allExecuted(nodes, hashes)).entries()) given.set(hashes[index] ?? '', block);
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
  given: Map<string, string>,
): Promise<readonly string[]> {
  const told = nodes[random.below(nodes.length)];
  ok(told !== undefined);
  const transfers = await Transfers.create(accountsAt(told.url), random);
  const hashes = await transfers.send(BURST);
  const stopNoting = noteReceipts(nodes, hashes, given);
  await new Promise((resolve) => setTimeout(resolve, random.below(MOMENTS_MS)));
  await Promise.all(victims.map((index) => nodes[index]?.kill()));
  await stopNoting();
  return hashes;
}

function accountsAt(http: string): TransferPlace {
  const accounts = Array.from({ length: SENDERS }, (_, addressIndex) => {
    const account = mnemonicToAccount(MNEMONIC, { addressIndex });
    const key = account.getHdKey().privateKey ?? new Uint8Array();
    const privateKey: `0x${string}` = `0x${Buffer.from(key).toString('hex')}`;
    return { address: account.address, privateKey, shard: 0 };
  });
  return { urls: { http }, accounts, chainId: 31_337 };
}

/** Asks all nodes for receipts again and again, and keeps those that anybody gives: by transaction, the hash of its block. */
function noteReceipts(
  nodes: readonly ValidatorProcess[],
  hashes: readonly string[],
  given: Map<string, string>,
): () => Promise<void> {
  let isOn = true;
  const watch = async ({ url }: ValidatorProcess): Promise<void> => {
    while (isOn) {
      // A node that is killed meanwhile gives none.
      const blocks = await blocksOf(url, hashes).catch(() => []);
      for (const [index, hash] of hashes.entries()) {
        const block = blocks[index];
        if (block !== undefined && block !== null) given.set(hash, block);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const watching = Promise.all(nodes.map(watch));
  return async () => {
    isOn = false;
    await watching;
  };
}

/** By transaction: the hash of the block that its receipt names, null where there is none. */
async function blocksOf(url: string, hashes: readonly string[]): Promise<readonly (string | null)[]> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
  const receipts = await rpcBatch(url, calls);
  return receipts.map((receipt) =>
    typeof receipt === 'object' && receipt !== null && 'blockHash' in receipt ? String(receipt.blockHash) : null,
  );
}

/** The blocks of all of them, once every one has a receipt. */
async function allExecuted(nodes: readonly ValidatorProcess[], hashes: readonly string[]): Promise<readonly string[]> {
  const [first] = nodes;
  ok(first !== undefined);
  let blocks: readonly string[] = [];
  await until(async () => {
    blocks = (await blocksOf(first.url, hashes)).filter((block) => block !== null);
    return blocks.length === hashes.length;
  }, AGREED_MS);
  return blocks;
}

async function heightOf({ url }: ValidatorProcess): Promise<number> {
  return Number(await rpc(url, 'eth_blockNumber'));
}

/** All have one chain, with every receipt that was given; nobody is convicted. */
async function agreed(nodes: readonly ValidatorProcess[], given: ReadonlyMap<string, string>): Promise<void> {
  const hashes = [...given.keys()];
  const expected = [...given.values()];
  await until(async () => {
    const heads = await Promise.all(nodes.map(({ url }) => rpc(url, 'eth_getBlockByNumber', ['latest', false])));
    const named = heads.map((head) => (typeof head === 'object' && head !== null && 'hash' in head ? head.hash : null));
    return new Set(named).size === 1;
  }, AGREED_MS);
  for (const { url, log } of nodes) {
    deepStrictEqual(await blocksOf(url, hashes), expected, `${url} does not have what was final`);
    const topology = await rpc(url, 'shard_topology');
    ok(typeof topology === 'object' && topology !== null && 'evidence' in topology && 'disagreements' in topology);
    deepStrictEqual([topology.evidence, topology.disagreements], [0, 0], 'somebody is convicted');
    strictEqual(/ (ERROR|FATAL) /.test(log()), false, log());
  }
}
