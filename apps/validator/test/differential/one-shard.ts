/**
 * Differential test against `@ethereumjs/vm`: a devnet of one shard takes random transactions of every type; then each
 * of its blocks, read over JSON-RPC, is run by the other implementation from the same genesis. Block hash, state root,
 * transactions root, receipts root, bloom, gas and every receipt have to agree, block for block.
 *
 * Usage: node one-shard.ts [transactions] [seed …]. Prints one line of JSON per seed; exit
 * code 1 when anything differed.
 */
import type { PrefixedHexString } from '@ethereumjs/util';
import { bigintToBytes, bytesToBigint, bytesToHex, keccak256 } from '@heddle/primitives';
import {
  type CompiledContract,
  compileContracts,
  type DevnetProcess,
  rpc,
  startDevnetProcess,
} from '../support/devnet-process.ts';
import { Replay, replayRules } from './replay.ts';
import { readBlock, readGenesisAccount, readGenesisWord, readReceipts } from './rpc-blocks.ts';
import { type Figures, Tally } from './tally.ts';
import { createTraffic } from './traffic.ts';

interface Report extends Figures {
  readonly seed: number;
  readonly blocks: number;
  readonly mismatches: readonly string[];
}

/** What a devnet of one shard starts with besides its accounts. */
const PREDEPLOYS: readonly PrefixedHexString[] = [
  '0x0000f90827f1c53a10cb7a02335b175320002935',
  '0x000f3df6d732807ef1319fb7b8bb8522d0beac02',
  '0x4e59b44847b379578588920ca78fbf26c0b4956c',
];

/** The validator registry: count, owner and epoch length, then five words an entry from keccak256(slot 0) on. */
const REGISTRY: PrefixedHexString = '0x00000000000000000000000000686564646c6503';
const ENTRY_WORDS = 5n;

const [countText = '500', ...seedTexts] = process.argv.slice(2);
const contracts = await compileContracts();
for (const seed of seedTexts.length === 0 ? [1] : seedTexts.map(Number)) {
  const report = await run(Number(countText), seed, contracts);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.mismatches.length > 0) process.exitCode = 1;
}

async function run(count: number, seed: number, compiled: Readonly<Record<string, CompiledContract>>): Promise<Report> {
  const devnet = await startDevnetProcess(['--shards', '1']);
  try {
    const traffic = createTraffic({ devnet, seed, contracts: compiled });
    const third = Math.floor(count / 3);
    await traffic.send(third);
    // Its chunks are missing now: with one shard everyone computes the canonical empty one instead.
    await rpc(devnet.ready.urls.http, 'heddle_stopValidator', [1]);
    await traffic.send(third);
    await rpc(devnet.ready.urls.http, 'heddle_startValidator', [1]);
    await traffic.send(count - 2 * third);
    return await replay(devnet, seed);
  } finally {
    await devnet.stop();
  }
}

async function replay(devnet: DevnetProcess, seed: number): Promise<Report> {
  const { urls, chainId, accounts } = devnet.ready;
  const url = urls.http;
  const common = replayRules(chainId);
  const addresses = [...PREDEPLOYS, ...accounts.map(({ address }) => address)];
  const genesisAccounts = await Promise.all(addresses.map((address) => readGenesisAccount(url, address)));
  genesisAccounts.push(await readGenesisAccount(url, REGISTRY, await registrySlots(url)));
  const other = await Replay.create(common, await readBlock(url, 0, common), genesisAccounts);
  const head = Number(await rpc(url, 'eth_blockNumber'));
  const tally = new Tally();
  const mismatches: string[] = [];
  for (let number = 1; number <= head && mismatches.length === 0; number++) {
    const block = await readBlock(url, number, common);
    const receipts = await readReceipts(url, number);
    tally.add(block, receipts);
    const different = await other.run(block, receipts);
    mismatches.push(...different.map((what) => `block ${number}: ${what}`));
  }
  return { seed, blocks: head, ...tally.figures(), mismatches };
}

async function registrySlots(url: string): Promise<readonly PrefixedHexString[]> {
  const slotOf = (slot: bigint): PrefixedHexString => bytesToHex(bigintToBytes(slot, 32));
  const words = ENTRY_WORDS * BigInt(await readGenesisWord(url, REGISTRY, slotOf(0n)));
  const first = bytesToBigint(keccak256(bigintToBytes(0n, 32)));
  const ofEntries = Array.from({ length: Number(words) }, (_, word) => slotOf(first + BigInt(word)));
  return [0n, 1n, 2n].map(slotOf).concat(ofEntries);
}
