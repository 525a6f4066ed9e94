import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChainImageError } from '@heddle/storage';
import type { DevnetOptions } from '../../src/devnet/devnet-options.ts';
import { validatorDirectory } from '../../src/devnet/devnet-options.ts';
import type { Facts, Scenario } from '../cluster/scenario.ts';
import { devnetOptions, TestDevnet } from '../support/test-devnet.ts';
import { KILLS } from './kills.ts';

/** A boundary every few blocks, so that branches start at, before and behind them. */
const SHORT: bigint = 4n;

const optionsOf = (shards: number, dataDir: string | null = null): DevnetOptions =>
  devnetOptions({ shards, validators: 4, epochLength: SHORT, dataDir });

async function withDevnet(options: DevnetOptions, use: (devnet: TestDevnet) => Promise<Facts>): Promise<Facts> {
  const devnet = await TestDevnet.start(options);
  try {
    return await use(devnet);
  } finally {
    await devnet.close();
  }
}

async function withDirectory(use: (directory: string) => Promise<Facts>): Promise<Facts> {
  const directory = await mkdtemp(join(tmpdir(), 'heddle-rewinds-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every validator's chain is of one piece, each block certified in the epoch that its branches say. */
function checkChains({ validators }: TestDevnet): void {
  for (const { chain } of validators.group.running.values()) {
    const { store, epochs } = chain;
    for (let number = 1n; number <= chain.tree.root.height; number++) {
      const block = store.blockByNumber(number);
      strictEqual(block?.header.parentHash, store.blockHashByNumber(number - 1n));
      if (!epochs.isBoundary(number)) continue;
      const finalization = store.finalizationOf(epochs.epochOf(number));
      strictEqual(finalization?.tuple.blockHash, store.blockHashByNumber(number));
    }
  }
}

const thereAndBack = (shards: number): Promise<Facts> =>
  withDevnet(optionsOf(shards), async (devnet) => {
    const heads: bigint[] = [];
    await devnet.pay(1n);
    const first = await devnet.rewinds.snapshot();
    const { hash } = devnet.primary.chain.tree.root;
    const lost = await devnet.pay(2n);
    const second = await devnet.rewinds.snapshot();
    await devnet.pay(4n);
    devnet.validators.group.onBlock(({ block }) => heads.push(block.header.number));
    strictEqual(await devnet.rewinds.revert(second), true);
    strictEqual(devnet.paid, 3n);
    strictEqual(await devnet.rewinds.revert(second), false);
    strictEqual(await devnet.rewinds.revert(first), true);
    strictEqual(devnet.primary.chain.tree.root.hash, hash);
    strictEqual(devnet.paid, 1n);
    strictEqual(devnet.primary.chain.store.transactionLocation(lost), null);
    strictEqual(devnet.primary.pool.size, 0);
    const again = await devnet.rewinds.snapshot();
    await devnet.pay(8n);
    strictEqual(devnet.paid, 9n);
    await devnet.settled();
    checkChains(devnet);
    return { ids: `${first} ${second} ${again}`, unknown: await devnet.rewinds.revert(99n), heads: heads.join(' ') };
  });

const branches = (shards: number): Promise<Facts> =>
  withDevnet(optionsOf(shards), async (devnet) => {
    const epochs: bigint[] = [];
    for (const lost of [1, 3, 4, 6, 9]) {
      const snapshot = await devnet.rewinds.snapshot();
      await devnet.mine(lost);
      await devnet.settled();
      ok(await devnet.rewinds.revert(snapshot));
      const { chain } = devnet.primary;
      epochs.push(chain.epochs.epochAbove(chain.tree.root.height));
      await devnet.mine(3);
    }
    await devnet.mine(9);
    await devnet.settled();
    checkChains(devnet);
    const rising = epochs.every((epoch, index) => index === 0 || epoch > (epochs[index - 1] ?? 0n));
    return { height: Number(devnet.head), rising };
  });

const stopped = (shards: number): Promise<Facts> =>
  withDevnet(optionsOf(shards), async (devnet) => {
    await devnet.mine(2);
    await devnet.settled();
    // It stays below the snapshot, and below several boundaries; it climbs there by what others remember of old epochs.
    await devnet.validators.stop(3);
    await devnet.mine(7);
    const snapshot = await devnet.rewinds.snapshot();
    await devnet.mine(3);
    await devnet.settled();
    ok(await devnet.rewinds.revert(snapshot));
    strictEqual(devnet.head, 9n);
    await devnet.validators.start(3);
    await devnet.mine(1);
    await devnet.settled();
    // It is above the snapshot when it is stopped, and taken back while it stands.
    const later = await devnet.rewinds.snapshot();
    await devnet.mine(4);
    await devnet.settled();
    await devnet.validators.stop(0);
    await devnet.mine(2);
    ok(await devnet.rewinds.revert(later));
    await devnet.validators.start(0);
    await devnet.validators.stop(1);
    // Now it is needed for a quorum.
    await devnet.pay(5n);
    await devnet.validators.start(1);
    await devnet.settled();
    checkChains(devnet);
    return { height: Number(devnet.head), paid: Number(devnet.paid) };
  });

const restarted = (shards: number): Promise<Facts> =>
  withDirectory(async (dataDir) => {
    const options = optionsOf(shards, dataDir);
    let id = 0n;
    await withDevnet(options, async (devnet) => {
      await devnet.pay(1n);
      id = await devnet.rewinds.snapshot();
      await devnet.mine(6);
      ok(await devnet.rewinds.revert(id));
      id = await devnet.rewinds.snapshot();
      await devnet.pay(2n);
      return {};
    });
    await withDevnet({ ...options, hasBlocks: true }, async (devnet) => {
      strictEqual(devnet.paid, 3n);
      await devnet.mine(3);
      await devnet.settled();
      return {};
    });
    // One has lost its chain, not its signer: it has to climb over the branch, from genesis.
    await rm(join(validatorDirectory(dataDir, 2), 'chain'), { recursive: true });
    return withDevnet({ ...options, hasBlocks: true }, async (devnet) => {
      await devnet.mine(2);
      await devnet.settled();
      checkChains(devnet);
      ok(await devnet.rewinds.revert(id));
      strictEqual(devnet.paid, 1n);
      await devnet.mine(2);
      await devnet.settled();
      checkChains(devnet);
      return { height: Number(devnet.head), paid: Number(devnet.paid) };
    });
  });

/** A stopped validator whose chain can't be read misses a revert, and is not believed when it comes back. */
const damaged = (shards: number): Promise<Facts> =>
  withDirectory((dataDir) =>
    withDevnet(optionsOf(shards, dataDir), async (devnet) => {
      await devnet.mine(2);
      const snapshot = await devnet.rewinds.snapshot();
      await devnet.mine(3);
      await devnet.settled();
      await devnet.validators.stop(3);
      const chain = join(validatorDirectory(dataDir, 3), 'chain');
      const aside = join(dataDir, 'aside');
      await cp(chain, aside, { recursive: true });
      await writeFile(join(chain, 'CURRENT'), 'nothing that LevelDB knows');
      ok(await devnet.rewinds.revert(snapshot));
      await devnet.mine(3);
      // Somebody puts back what it had: blocks of a branch that is gone.
      await rm(chain, { recursive: true });
      await rename(aside, chain);
      await devnet.validators.start(3);
      await devnet.mine(2);
      await devnet.settled();
      checkChains(devnet);
      return { height: Number(devnet.head), running: devnet.validators.group.running.size };
    }),
  );

const dumped = (shards: number): Promise<Facts> =>
  withDevnet(optionsOf(shards), async (devnet) => {
    await devnet.pay(3n);
    await devnet.mine(4);
    const snapshot = await devnet.rewinds.snapshot();
    await devnet.mine(1);
    ok(await devnet.rewinds.revert(snapshot));
    await devnet.pay(4n);
    const dump = await devnet.rewinds.dumpState();
    const { hash } = devnet.primary.chain.tree.root;
    await devnet.rewinds.reset();
    deepStrictEqual([devnet.head, devnet.paid], [0n, 0n]);
    await devnet.pay(1n);
    await rejects(devnet.rewinds.loadState(dump.slice(0, -1)), ChainImageError);
    strictEqual(devnet.paid, 1n);
    await devnet.rewinds.loadState(dump);
    strictEqual(devnet.primary.chain.tree.root.hash, hash);
    await devnet.mine(5);
    await devnet.settled();
    checkChains(devnet);
    // Another network takes it over, and goes on.
    await withDevnet(optionsOf(shards), async (other) => {
      await other.mine(9);
      await other.rewinds.loadState(dump);
      strictEqual(other.primary.chain.tree.root.hash, hash);
      await other.pay(2n);
      strictEqual(other.paid, 9n);
      await other.settled();
      checkChains(other);
      return {};
    });
    return { paid: Number(devnet.paid), unknown: await devnet.rewinds.revert(snapshot) };
  });

/** What 300 cycles leave in memory, in MB, and in the stores. */
const cycles = async (): Promise<Facts> =>
  withDevnet(devnetOptions({ shards: 1, validators: 4, epochLength: 7_200n, dataDir: null }), async (devnet) => {
    const used = async (): Promise<number> => {
      // What a collection finds dead outside the heap is freed in turns after it.
      for (let turn = 0; turn < 4; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        globalThis.gc?.();
      }
      const { heapUsed, external } = process.memoryUsage();
      return Math.round((heapUsed + external) / 1_000_000);
    };
    await devnet.mine(1);
    const cycle = async (): Promise<void> => {
      const snapshot = await devnet.rewinds.snapshot();
      await devnet.mine(2);
      ok(await devnet.rewinds.revert(snapshot));
    };
    for (let i = 0; i < 40; i++) await cycle();
    const before = await used();
    for (let i = 0; i < 260; i++) await cycle();
    const grown = (await used()) - before;
    return { height: Number(devnet.head), grows: grown > 24 ? `by ${grown} MB` : 'no' };
  });

const onBoth = (name: string, run: (shards: number) => Promise<Facts>): Scenario[] => [
  { name: `${name}, one shard`, run: () => run(1) },
  { name: `${name}, two shards`, run: () => run(2) },
];

export const REWINDS: readonly Scenario[] = [
  ...onBoth('there and back', thereAndBack),
  ...onBoth('branches over boundaries', branches),
  ...onBoth('stopped meanwhile', stopped),
  ...onBoth('restarted', restarted),
  ...onBoth('damaged meanwhile', damaged),
  ...onBoth('dumped and loaded', dumped),
  ...KILLS,
  { name: 'many cycles', run: cycles },
];
