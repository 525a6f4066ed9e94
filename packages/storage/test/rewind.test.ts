import { createSeededRandom } from '@heddle/runtime';
import { openState } from '@heddle/state';
import {
  type ChainSnapshot,
  type ChainStore,
  createMemoryMedium,
  directoryMedium,
  type Medium,
  NO_REWINDS,
  openChainStore,
  type RewindRecord,
} from '@heddle/storage';
import { TestChain, testFinalization, testUnfinal } from '@heddle/storage/conformance';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isIn } from '../src/keys.ts';
import { MIN_STATE_CACHE_BYTES } from '../src/limits.ts';
import { rewindChain } from '../src/rewind/rewind-chain.ts';
import { withDirectory } from './support/directory.ts';
import { allEntries, finalEntries, forkedRandom, reverted, takeSnapshot } from './support/rewinding.ts';
import { StateChain } from './support/state-chain.ts';
import { checkKeptStates, SeenMedium } from './support/stored-nodes.ts';

const KEPT = 3;

const inMemory = (): Medium => createMemoryMedium(createSeededRandom(0));

async function onEach(use: (medium: Medium) => Promise<void>): Promise<void> {
  await use(inMemory());
  await withDirectory((directory) => use(directoryMedium(directory)));
}

/** A chain of which everything is real to a store, on a medium. */
class Life {
  readonly medium: Medium;
  readonly chain: TestChain;
  #store: ChainStore | null = null;

  constructor(medium: Medium, shards: number) {
    this.medium = medium;
    this.chain = new TestChain(shards);
  }

  get genesis(): TestChain['genesis'] {
    return this.chain.genesis;
  }

  async open(): Promise<ChainStore> {
    const { medium, genesis } = this;
    this.#store ??= await openChainStore({ medium, genesis }, MIN_STATE_CACHE_BYTES, KEPT);
    return this.#store;
  }

  async commit(blocks: number): Promise<void> {
    const store = await this.open();
    for (let i = 0; i < blocks; i++) await store.commit(this.chain.next());
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = null;
  }

  async entries(): Promise<readonly string[]> {
    await this.close();
    return finalEntries(this.medium);
  }

  async revert(snapshot: ChainSnapshot, epoch: bigint): Promise<void> {
    const record = reverted((await this.open()).rewindRecord(), snapshot, epoch);
    await this.close();
    await rewindChain(this, { kind: 'block', block: snapshot }, record);
  }
}

test('after a revert the final tables are byte for byte what they were, and nothing else is left', async () => {
  const heights = fc.record({
    shards: fc.integer({ min: 1, max: 2 }),
    before: fc.nat({ max: 6 }),
    between: fc.nat({ max: 4 }),
    after: fc.nat({ max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(heights, ({ shards, before, between, after }) =>
      onEach(async (medium) => {
        const life = new Life(medium, shards);
        await life.commit(before);
        const atFirst = await life.entries();
        const first = await takeSnapshot(await life.open());
        await life.commit(between);
        const atSecond = await life.entries();
        const second = await takeSnapshot(await life.open());
        await life.commit(after);
        const { block, chunk } = testUnfinal(BigInt(before + between + after + 1), 'waits');
        const store = await life.open();
        await store.putBlock(life.genesis.blockHash, block);
        await store.putChunk(life.genesis.blockHash, chunk);
        await life.revert(second, 7n);
        expect(await life.entries()).toEqual(atSecond);
        await life.revert(first, 8n);
        expect(await life.entries()).toEqual(atFirst);
        const left = (await allEntries(medium)).filter(([key]) =>
          isIn(['undo', 'snapshot', 'unfinalBlock', 'unfinalChunk', 'unfinished'], key),
        );
        expect(left).toEqual([]);
        const { branches, snapshots, lastSnapshot } = (await life.open()).rewindRecord();
        expect({ branches, snapshots, lastSnapshot }).toEqual({
          branches: [{ height: BigInt(before), epoch: 8n }],
          snapshots: [],
          lastSnapshot: 2n,
        });
        await life.close();
      }),
    ),
    { numRuns: 12 },
  );
});

test('another branch goes on from there: its states are whole, and no node of the old one stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      async (seed, before, lost, after) => {
        const medium = new SeenMedium(inMemory());
        const play = (): { chain: StateChain; fork: (seed: number) => void } => {
          const random = forkedRandom(seed);
          return { chain: new StateChain(random, 2), fork: random.fork };
        };
        const [old, next] = [play(), play()];
        const { genesis } = old.chain;
        const open = (): Promise<ChainStore> => openChainStore({ medium, genesis }, MIN_STATE_CACHE_BYTES, KEPT);
        const commit = async (store: ChainStore, chain: StateChain, blocks: number): Promise<void> => {
          for (let i = 0; i < blocks; i++) {
            await store.commit(chain.next((shard, root) => openState(store.state(shard), root)));
          }
        };
        let store = await open();
        for (let i = 0; i < before; i++) {
          const parentOf = (shard: number, root: `0x${string}`): ReturnType<typeof openState> =>
            openState(store.state(shard), root);
          const write = old.chain.next(parentOf);
          next.chain.next(parentOf);
          await store.commit(write);
        }
        const snapshot = await takeSnapshot(store);
        old.fork(seed + 1);
        next.fork(seed + 2);
        await commit(store, old.chain, lost);
        // As long as there is a way back, all states from the snapshot's on are there.
        expect(store.stateHistory().oldest <= snapshot.height).toBe(true);
        checkKeptStates(store, old.chain.contents);
        const record = reverted(store.rewindRecord(), snapshot, 5n);
        await store.close();
        await rewindChain({ medium, genesis }, { kind: 'block', block: snapshot }, record);
        store = await open();
        await commit(store, next.chain, after);
        await store.close();
        store = await open();
        expect(await medium.nodes()).toEqual(checkKeptStates(store, next.chain.contents));
        await store.close();
      },
    ),
    { numRuns: 25 },
  );
});

describe('a validator that is not where the others were', () => {
  const block = (height: bigint, hash: `0x${string}`): ChainSnapshot => {
    const finalization = testFinalization(height, hash, hash);
    return { id: 1n, height, hash, finalization };
  };

  test('behind the block stays where it is, and writes down what it overwrites from that block on', async () => {
    const life = new Life(inMemory(), 1);
    const ahead = new Life(inMemory(), 1);
    await ahead.commit(5);
    const at5 = await ahead.entries();
    const head = (await ahead.open()).head();
    const snapshot = block(5n, head.hash);
    await life.commit(2);
    const held = await (await life.open()).holdCommits();
    await held.setRewindRecord({ ...NO_REWINDS, revision: 1n, lastSnapshot: 1n, snapshots: [snapshot] });
    held.release();
    await life.commit(6);
    await life.revert({ ...snapshot, finalization: null }, 3n);
    expect(await life.entries()).toEqual(at5);
    const later = { ...snapshot, height: 9n, finalization: null };
    await life.revert(later, 4n);
    expect(await life.entries()).toEqual(at5);
    expect((await life.open()).rewindRecord().branches).toEqual([
      { height: 5n, epoch: 3n },
      { height: 9n, epoch: 4n },
    ]);
    await life.close();
    await ahead.close();
  });

  test('without a way back begins with genesis', async () => {
    const life = new Life(inMemory(), 2);
    const atGenesis = await life.open().then(() => life.entries());
    await life.commit(4);
    const store = await life.open();
    const hash = store.blockHashByNumber(2n) ?? '0x';
    await life.revert(block(2n, hash), 3n);
    expect(await life.entries()).toEqual(atGenesis);
    expect((await life.open()).rewindRecord().branches).toEqual([{ height: 2n, epoch: 3n }]);
    await life.close();
  });

  test('whose own finalization is of a block below is given that of this one', async () => {
    const life = new Life(inMemory(), 1);
    await life.commit(3);
    const store = await life.open();
    const { hash } = store.head();
    expect(store.bestFinalization()?.tuple.blockHash).not.toBe(hash);
    await takeSnapshot(store);
    await life.commit(3);
    const snapshot = block(3n, hash);
    await life.revert(snapshot, 3n);
    const reopened = await life.open();
    expect(reopened.bestFinalization()).toEqual(snapshot.finalization);
    expect(reopened.finalizationOf(0n)).toEqual(snapshot.finalization);
    await life.close();
  });
});

test('snapshots survive a restart, and when the oldest goes, so does what only it needed', async () => {
  const life = new Life(inMemory(), 1);
  const taken: ChainSnapshot[] = [];
  for (let i = 0; i < 3; i++) {
    await life.commit(2);
    taken.push(await takeSnapshot(await life.open()));
    await life.close();
  }
  await life.commit(2);
  const undone = async (): Promise<number> => {
    await life.close();
    return (await allEntries(life.medium)).filter(([key]) => isIn(['undo'], key)).length;
  };
  const forget = async (snapshots: RewindRecord['snapshots']): Promise<void> => {
    const store = await life.open();
    const held = await store.holdCommits();
    await held.setRewindRecord({ ...store.rewindRecord(), snapshots });
    held.release();
  };
  expect((await life.open()).rewindRecord().snapshots).toEqual(taken);
  expect(await undone()).toBe(6);
  await forget(taken.slice(1));
  expect(await undone()).toBe(4);
  await forget([]);
  expect(await undone()).toBe(0);
});

test('commits wait while the chain is held', async () => {
  const life = new Life(inMemory(), 1);
  await life.commit(1);
  const store = await life.open();
  const held = await store.holdCommits();
  const done: string[] = [];
  const committed = store.commit(life.chain.next()).then(() => done.push('committed'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(store.head().block.header.number).toBe(1n);
  done.push('released');
  held.release();
  await committed;
  expect(done).toEqual(['released', 'committed']);
  await life.close();
});
