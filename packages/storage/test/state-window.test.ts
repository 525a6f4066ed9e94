import { createSeededRandom } from '@heddle/runtime';
import { openHistoricState, openState } from '@heddle/state';
import { type ChainStore, createMemoryMedium, directoryMedium, type Medium, openChainStore } from '@heddle/storage';
import { stateRootsOf } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MIN_STATE_CACHE_BYTES } from '../src/limits.ts';
import { withDirectory } from './support/directory.ts';
import { StateChain } from './support/state-chain.ts';
import { checkKeptStates, SeenMedium } from './support/stored-nodes.ts';

const KEPT = 4;
const ALL = null;

/** A store that is closed and opened again at will, always on the same medium. */
class Node {
  readonly #medium: SeenMedium;
  readonly chain: StateChain;
  #store: ChainStore | null = null;

  constructor(medium: Medium, chain: StateChain) {
    this.#medium = new SeenMedium(medium);
    this.chain = chain;
  }

  get store(): ChainStore {
    if (this.#store === null) throw new Error('the store is closed');
    return this.#store;
  }

  /** What was being deleted is deleted before it closes. */
  async open(keptBlocks: number | null): Promise<void> {
    await this.#store?.close();
    const { genesis } = this.chain;
    this.#store = await openChainStore({ medium: this.#medium, genesis }, MIN_STATE_CACHE_BYTES, keptBlocks);
  }

  async commit(blocks: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      await this.store.commit(this.chain.next((shard, root) => openState(this.store.state(shard), root)));
    }
  }

  /** Every state that the store says to have is whole, and no node is stored that none of them has. */
  async check(): Promise<void> {
    const reachable = checkKeptStates(this.store, this.chain.contents);
    expect(await this.#medium.nodes()).toEqual(reachable);
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = null;
  }
}

async function runs(medium: Medium, seed: number, shardCount: number, rounds: readonly number[]): Promise<void> {
  const node = new Node(medium, new StateChain(createSeededRandom(seed), shardCount));
  await node.open(KEPT);
  for (const blocks of rounds) {
    await node.commit(blocks);
    await node.open(KEPT);
    const { oldest, newest } = node.store.stateHistory();
    expect(oldest).toBe(newest < BigInt(KEPT) ? 0n : newest - BigInt(KEPT) + 1n);
    await node.check();
  }
  await node.close();
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const rounds = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

describe('the window of kept states', () => {
  test('is whole, and nothing else is stored, whatever changes come: in memory', async () => {
    const property = fc.asyncProperty(seeds, fc.constantFrom(1, 2), rounds, (seed, shards, list) =>
      runs(createMemoryMedium(createSeededRandom(seed)), seed, shards, list),
    );
    await fc.assert(property, { numRuns: 15 });
  });

  test('is whole, and nothing else is stored, whatever changes come: on disk', async () => {
    const property = fc.asyncProperty(seeds, fc.constantFrom(1, 2), rounds, (seed, shards, list) =>
      withDirectory((directory) => runs(directoryMedium(directory), seed, shards, list)),
    );
    await fc.assert(property, { numRuns: 3 });
  });

  test('is 128 blocks long', async () => {
    const chain = new StateChain(createSeededRandom(5), 1);
    const store = await openChainStore({ medium: createMemoryMedium(createSeededRandom(5)), genesis: chain.genesis });
    for (let i = 0; i < 140; i++) await store.commit(chain.next((shard, root) => openState(store.state(shard), root)));
    expect(store.stateHistory()).toEqual({ oldest: 13n, newest: 140n, keptBlocks: 128 });
    checkKeptStates(store, chain.contents);
    await store.close();
  });
});

describe('all states kept', () => {
  test('are there from genesis on, and go when they are no longer wanted', async () => {
    const node = new Node(createMemoryMedium(createSeededRandom(1)), new StateChain(createSeededRandom(1), 2));
    await node.open(ALL);
    await node.commit(40);
    await node.open(ALL);
    expect(node.store.stateHistory()).toEqual({ oldest: 0n, newest: 40n, keptBlocks: null });
    await node.check();
    await node.open(KEPT);
    expect(node.store.stateHistory().oldest).toBe(0n);
    await node.commit(6);
    await node.open(KEPT);
    expect(node.store.stateHistory().oldest).toBe(43n);
    await node.check();
    await node.close();
  });

  test('begin where the window was when they were first wanted', async () => {
    const node = new Node(createMemoryMedium(createSeededRandom(2)), new StateChain(createSeededRandom(2), 2));
    await node.open(KEPT);
    await node.commit(20);
    await node.open(ALL);
    await node.commit(20);
    await node.open(ALL);
    expect(node.store.stateHistory()).toEqual({ oldest: 17n, newest: 40n, keptBlocks: null });
    await node.check();
    await node.close();
  });
});

test('a state that is gone cannot be read', async () => {
  const node = new Node(createMemoryMedium(createSeededRandom(3)), new StateChain(createSeededRandom(3), 1));
  await node.open(KEPT);
  await node.commit(30);
  await node.open(KEPT);
  const [root] = stateRootsOf(node.chain.genesis.block);
  const state = openHistoricState(node.store.state(0), root ?? '0x');
  expect(() => state.account('0x0000000000000000000000000000000000000001')).toThrow(
    expect.objectContaining({ code: 'MISSING_NODE' }),
  );
  await node.close();
});
