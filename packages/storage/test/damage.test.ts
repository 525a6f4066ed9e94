import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSeededRandom, type Random } from '@heddle/runtime';
import {
  type ChainStore,
  createMemoryMedium,
  directoryMedium,
  type FinalBlockWrite,
  openChainStore,
  type StorageDamagedError,
} from '@heddle/storage';
import { checkFlatState, checkTrieAgainstFlat, executionsOf, TestChain } from '@heddle/storage/conformance';
import { describe, expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const BLOCKS = 12;
const FLIPS = 12;
const WAY_OUT =
  /database memory\/chain is damaged.*remove that folder and start again.*Leave signer and journal beside it/;
const damaged: unknown = expect.objectContaining({ code: 'STORAGE_DAMAGED' });

/** Fills `directory` so that the database has tables and a journal with something in it. */
async function build(directory: string): Promise<{ chain: TestChain; writes: readonly FinalBlockWrite[] }> {
  const chain = new TestChain(2);
  const writes: FinalBlockWrite[] = [];
  for (let round = 0; round < 2; round++) {
    const store = await openChainStore({ medium: directoryMedium(directory), genesis: chain.genesis });
    for (let i = 0; i < BLOCKS / 2; i++) {
      const write = chain.next();
      writes.push(write);
      await store.commit(write);
    }
    await store.close();
  }
  return { chain, writes };
}

/** Everything that the store says is what was written, up to its head. */
async function checkAll(store: ChainStore, chain: TestChain, writes: readonly FinalBlockWrite[]): Promise<void> {
  const kept = writes.slice(0, Number(store.head().block.header.number));
  for (const write of kept) {
    const { block, blockHash, chunks, section } = write;
    expect(store.blockByNumber(block.header.number)).toEqual(block);
    expect(store.blockByHash(blockHash)).toEqual(block);
    expect(store.executions(block.header.number)).toEqual(executionsOf(write));
    for (const { transaction } of section?.executed ?? []) {
      expect(store.transactionLocation(transaction.hash)).toMatchObject({ height: block.header.number, part: 2 });
    }
    for (const { chunk, chunkHash, dispatched } of chunks) {
      expect(store.chunk(chunkHash)).toEqual(chunk);
      for (const { hash } of dispatched) {
        expect(store.transactionLocation(hash)).not.toBeNull();
        expect(await store.messagesOf(hash)).toHaveLength(1);
      }
    }
  }
  checkFlatState(store, chain.genesis, kept);
  checkTrieAgainstFlat(store);
}

/**
 * Not in a table's footer, which has bytes that mean nothing, nor in the second half of a journal: damage to the last
 * record can't be told from a torn tail.
 */
async function flipped(file: string, random: Random): Promise<() => Promise<void>> {
  const sound = await readFile(file);
  const bytes = Uint8Array.from(sound);
  const at = Math.floor(random.next() * (file.endsWith('.log') ? bytes.length / 2 : bytes.length - 48));
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8));
  await writeFile(file, bytes);
  return () => writeFile(file, sound);
}

/** 'refused', or what was opened is checked to be what was written. */
async function openDamaged(
  directory: string,
  chain: TestChain,
  writes: readonly FinalBlockWrite[],
): Promise<'refused' | 'sound'> {
  let store: ChainStore;
  try {
    store = await openChainStore({ medium: directoryMedium(directory), genesis: chain.genesis });
  } catch (error) {
    expect(error).toEqual(damaged);
    return 'refused';
  }
  try {
    await checkAll(store, chain, writes);
    return 'sound';
  } finally {
    await store.close();
  }
}

describe('a database on disk', () => {
  test('in which one bit is flipped is refused, in tables and in the journal alike, and left as it is', () =>
    withDirectory(async (directory) => {
      const { chain, writes } = await build(directory);
      const folder = join(directory, 'chain');
      const random = createSeededRandom(9);
      const files = (await readdir(folder)).filter((name) => /\.(ldb|log)$/.test(name));
      expect(files.map((name) => name.slice(-4)).sort()).toEqual(['.ldb', '.log']);
      for (const name of files) {
        for (let flip = 0; flip < FLIPS; flip++) {
          const restore = await flipped(join(folder, name), random);
          expect(await openDamaged(directory, chain, writes)).toBe('refused');
          expect((await readdir(folder)).filter((file) => /\.(ldb|log)$/.test(file))).toEqual(files);
          await restore();
        }
      }
      expect(await openDamaged(directory, chain, writes)).toBe('sound');
    }));

  test('that lacks one of its files is refused: LevelDB would start anew without a word', () =>
    withDirectory(async (directory) => {
      const { chain, writes } = await build(directory);
      const folder = join(directory, 'chain');
      for (const name of (await readdir(folder)).filter((file) => /CURRENT|MANIFEST|ldb/.test(file))) {
        const file = join(folder, name);
        const bytes = await readFile(file);
        await rm(file);
        expect(await openDamaged(directory, chain, writes)).toBe('refused');
        await writeFile(file, bytes.subarray(0, bytes.length >> 1));
        expect(await openDamaged(directory, chain, writes)).toBe('refused');
        await writeFile(file, bytes);
      }
      expect(await openDamaged(directory, chain, writes)).toBe('sound');
    }));

  test('whose journal was cut off at any byte is what a killed process leaves: sound, and maybe some blocks shorter', () =>
    withDirectory(async (directory) => {
      const { chain, writes } = await build(directory);
      const folder = join(directory, 'chain');
      const random = createSeededRandom(3);
      const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.log'));
      const whole = await readFile(join(folder, name));
      await truncate(join(folder, name), Math.floor(random.next() * whole.length));
      expect(await openDamaged(directory, chain, writes)).toBe('sound');
    }));

  test('that is gone as a whole is a new one, to be filled by the others', () =>
    withDirectory(async (directory) => {
      const { chain } = await build(directory);
      await rm(join(directory, 'chain'), { recursive: true });
      const store = await openChainStore({ medium: directoryMedium(directory), genesis: chain.genesis });
      expect(store.head().hash).toBe(chain.genesis.blockHash);
      await store.close();
    }));
});

describe('an open database', () => {
  test('never gives a value in which a bit has flipped: it says so, once, and gives nothing any more', async () => {
    let found = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const medium = createMemoryMedium(createSeededRandom(seed));
      const chain = new TestChain(2);
      const writes: FinalBlockWrite[] = [];
      const fill = await openChainStore({ medium, genesis: chain.genesis });
      for (let i = 0; i < 4; i++) {
        const write = chain.next();
        writes.push(write);
        await fill.commit(write);
      }
      await fill.close();
      // Nothing of it is in a cache.
      const store = await openChainStore({ medium, genesis: chain.genesis });
      const told: StorageDamagedError[] = [];
      store.onDamage((error) => told.push(error));
      medium.flipBit('chain', createSeededRandom(seed));
      try {
        await checkAll(store, chain, writes);
        // What is never read of a running store (the genesis' text) may be damaged unseen.
        expect(told).toEqual([]);
      } catch (error) {
        found++;
        expect(error).toEqual(damaged);
        expect(String(error)).toMatch(WAY_OUT);
        expect(told).toEqual([error]);
        expect(() => store.finalizationOf(0n)).toThrow(expect.objectContaining({ code: 'STORAGE_DAMAGED' }));
      }
      await store.close();
    }
    expect(found).toBeGreaterThan(25);
  });
});
