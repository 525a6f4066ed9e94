/**
 * What keeping the state of the newest blocks only saves and costs: a chain of one shard on disk whose blocks change some
 * accounts, and as many slots of one contract, of 20,000 each; once with the window of states that a node has and once
 * with all of them (--archive). Commits (median and 99th percentile), CPU of the process a block, the longest time that
 * the event loop was held up, trie nodes and bytes on disk at the end.
 *
 * Usage: npm run bench -- history [BLOCKS] [CHANGES]. Prints one JSON line a run.
 */

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { NO_CONTROL } from '@heddle/types';
import { bigintToBytes, bytesToHex, keccak256 } from '../packages/primitives/src/index.ts';
import { createSeededRandom, type Random } from '../packages/runtime/src/index.ts';
import { createLayerInSteps, genesisLayer, openState, type StateChanges } from '../packages/state/src/index.ts';
import { testBlock } from '../packages/storage/src/conformance/index.ts';
import {
  type ChainStore,
  directoryMedium,
  HISTORY_BLOCKS,
  type KeyValueStore,
  type Medium,
  openChainStore,
  STATE_CACHE_BYTES,
} from '../packages/storage/src/index.ts';
import {
  type Address,
  EMPTY_CODE_HASH,
  type Hash,
  hashBlockHeader,
  hashChunkHeader,
  ZERO_HASH,
} from '../packages/types/src/index.ts';

const USUAL_BLOCKS = 2_000;
const USUAL_CHANGES = 100;
const SIZE = 20_000;
const CONTRACT: Address = '0x00000000000000000000000000000000000c0de0';
/** First bytes of keys of trie nodes: of the account trie, and of storage tries. */
const NODE_TABLES: readonly number[] = [0x42, 0x44];
const NOTHING_BUT_STATE = {
  shard: 0,
  chunk: null,
  executed: [],
  dispatched: [],
  delivered: [],
  outbox: [],
  burned: 0n,
} as const;

const addressOf = (index: number): Address => bytesToHex(keccak256(bigintToBytes(BigInt(index), 8)).subarray(12));
const below = (random: Random, end: number): number => Math.floor(random.next() * end);

function changesOf(indexes: readonly number[], round: number): StateChanges {
  const fields = { nonce: BigInt(round), balance: 10n ** 18n + BigInt(round), codeHash: EMPTY_CODE_HASH };
  const accounts = new Map(indexes.map((index) => [addressOf(index), fields]));
  accounts.set(CONTRACT, fields);
  const slots = new Map(indexes.map((index) => [BigInt(index), 10n ** 18n + BigInt(index + round)]));
  return { accounts, storage: new Map([[CONTRACT, slots]]), codes: new Map() };
}

function directoryBytes(directory: string): number {
  let bytes = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    bytes += entry.isDirectory() ? directoryBytes(path) : statSync(path).size;
  }
  return bytes;
}

/** A directory that counts the trie nodes in it. */
class CountingMedium implements Medium {
  readonly #medium: Medium;
  nodes = 0;

  constructor(directory: string) {
    this.#medium = directoryMedium(directory);
  }

  get name(): string {
    return this.#medium.name;
  }

  get disk(): Medium['disk'] {
    return this.#medium.disk;
  }

  randomBytes(length: number): Uint8Array {
    return this.#medium.randomBytes(length);
  }

  async openKeyValue(...parameters: Parameters<Medium['openKeyValue']>): Promise<KeyValueStore> {
    const store = await this.#medium.openKeyValue(...parameters);
    const count = (operations: Parameters<KeyValueStore['batch']>[0]): void => {
      for (const { type, key } of operations) {
        if (NODE_TABLES.includes(key[0] ?? 0)) this.nodes += type === 'put' ? 1 : -1;
      }
    };
    return {
      get: (key) => store.get(key),
      getMany: (keys) => store.getMany(keys),
      batch: (operations, sync) => {
        count(operations);
        return store.batch(operations, sync);
      },
      batchUnseen: (operations, applied) => {
        count(operations);
        return store.batchUnseen(operations, applied);
      },
      entries: (range) => store.entries(range),
      keys: (range, limit) => store.keys(range, limit),
      clear: (range) => store.clear(range),
      isEmpty: () => store.isEmpty(),
      close: () => store.close(),
    };
  }
}

/** Gives the milliseconds that the commit took. */
async function commitBlock(store: ChainStore, changes: StateChanges, root: Hash): Promise<{ ms: number; root: Hash }> {
  const head = store.head();
  const steps = createLayerInSteps(openState(store.state(0), root), changes);
  for (;;) {
    const step = steps.next();
    if (step.done !== true) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    const { root: after, storageRoots, nodes, tries } = step.value;
    const block = testBlock(head.block.header.number + 1n, head.hash, [after], null);
    const chunks = block.chunks.map(({ header }) => ({
      chunkHash: hashChunkHeader(header),
      ...NOTHING_BUT_STATE,
      ...{ changes, storageRoots, nodes, tries },
    }));
    const write = { block, blockHash: hashBlockHeader(block.header), finalization: null, chunks, section: null };
    const started = performance.now();
    await store.commit({ ...write, accessLists: [], named: null, control: NO_CONTROL, derived: null });
    return { ms: performance.now() - started, root: after };
  }
}

async function run(blocks: number, changes: number, keptBlocks: number | null): Promise<object> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-history-'));
  const medium = new CountingMedium(directory);
  const first = genesisLayer(changesOf([...Array(SIZE).keys()], 0));
  const block = testBlock(0n, ZERO_HASH, [first.root], null);
  const genesis = { block, blockHash: hashBlockHeader(block.header), genesisJson: '{}', shards: [first] };
  const store = await openChainStore({ medium, genesis }, STATE_CACHE_BYTES, keptBlocks);
  const random = createSeededRandom(blocks);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const commits: number[] = [];
  let { root } = first;
  delay.enable();
  const cpu = process.cpuUsage();
  for (let round = 1; round <= blocks; round++) {
    const indexes = Array.from({ length: changes }, () => below(random, SIZE));
    const committed = await commitBlock(store, changesOf(indexes, round), root);
    root = committed.root;
    commits.push(committed.ms);
  }
  await store.close();
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  commits.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((commits[Math.floor(share * commits.length)] ?? 0) * 100) / 100;
  const bytes = directoryBytes(directory);
  rmSync(directory, { recursive: true });
  return {
    keptBlocks,
    blocks,
    changes,
    commitMs: at(0.5),
    commitMsP99: at(0.99),
    cpuMsPerBlock: Math.round((user + system) / blocks / 10) / 100,
    longestStallMs: Math.round(delay.max / 1e6),
    nodes: medium.nodes,
    megabytes: Math.round(bytes / 2 ** 20),
  };
}

const [blocks = USUAL_BLOCKS, changes = USUAL_CHANGES] = process.argv.slice(2).map(Number);
for (const keptBlocks of [HISTORY_BLOCKS, null]) {
  process.stdout.write(`${JSON.stringify(await run(blocks, changes, keptBlocks))}\n`);
}
