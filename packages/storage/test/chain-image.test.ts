import { deflateRawSync } from 'node:zlib';
import { keccak256 } from '@heddle/primitives';
import { createSeededRandom } from '@heddle/runtime';
import {
  ChainImageError,
  type ChainStore,
  createMemoryMedium,
  type Medium,
  NO_REWINDS,
  openChainStore,
  readChainImage,
} from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rewindChain } from '../src/rewind/rewind-chain.ts';
import { finalEntries } from './support/rewinding.ts';

const inMemory = (): Medium => createMemoryMedium(createSeededRandom(0));

interface Dumped {
  readonly genesis: TestChain['genesis'];
  readonly entries: readonly string[];
  readonly image: Uint8Array;
}

async function dumped(shards: number, blocks: number): Promise<Dumped> {
  const chain = new TestChain(shards);
  const { genesis } = chain;
  const medium = inMemory();
  const store = await openChainStore({ medium, genesis });
  for (let i = 0; i < blocks; i++) await store.commit(chain.next());
  const held = await store.holdCommits();
  await held.setRewindRecord({ ...NO_REWINDS, revision: 1n, branches: [{ height: 1n, epoch: 5n }] });
  const image = await held.dump();
  held.release();
  await store.close();
  return { genesis, entries: await finalEntries(medium), image };
}

async function reasonOf(image: Uint8Array, genesis: TestChain['genesis']): Promise<string> {
  try {
    await readChainImage(image, genesis);
    return 'taken';
  } catch (error) {
    if (error instanceof ChainImageError) return error.message;
    throw error;
  }
}

test('a dump taken over by another validator is the same chain, byte for byte', async () => {
  const shapes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 9 }));
  await fc.assert(
    fc.asyncProperty(shapes, async ([shards, blocks]) => {
      const { genesis, entries, image } = await dumped(shards, blocks);
      const read = await readChainImage(image, genesis);
      expect(read).toMatchObject({ height: BigInt(blocks), branches: [{ height: 1n, epoch: 5n }], epoch: 5n });
      const medium = inMemory();
      const other = new TestChain(shards);
      const store = await openChainStore({ medium, genesis });
      for (let i = 0; i < 3; i++) await store.commit(other.next());
      await store.close();
      const branches = [...read.branches, { height: read.height, epoch: 9n }];
      await rewindChain({ medium, genesis }, { kind: 'image', image: read }, { ...NO_REWINDS, branches });
      expect(await finalEntries(medium)).toEqual(entries);
      const loaded: ChainStore = await openChainStore({ medium, genesis });
      expect(loaded.head().hash).toBe(read.hash);
      expect(loaded.rewindRecord().branches).toEqual(branches);
      await loaded.close();
    }),
    { numRuns: 8 },
  );
});

test('another genesis, another format and another file are refused, and the message says what to do', async () => {
  const { genesis, image } = await dumped(1, 3);
  expect(await reasonOf(image, new TestChain(2).genesis)).toMatch(/its genesis block is .* start a network with/);
  expect(await reasonOf(Uint8Array.of(1, 2, 3), genesis)).toMatch(/it is no dump of this program; make it again/);
  const newer = image.slice();
  newer[22] = 99;
  expect(await reasonOf(newer, genesis)).toMatch(/it has format 99.* load it with the version that made it/);
  const sameBlock = { ...genesis, genesisJson: '{}' };
  expect(await reasonOf(image, sameBlock)).toMatch(/its genesis file is another one/);
});

test('no byte of a dump can be changed, and none can be missing', async () => {
  const { genesis, image } = await dumped(1, 2);
  await fc.assert(
    fc.asyncProperty(fc.nat(image.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = image.slice();
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(await reasonOf(changed, genesis)).not.toBe('taken');
      expect(await reasonOf(image.slice(0, at), genesis)).not.toBe('taken');
    }),
    // The last byte ends in bits that DEFLATE does not read.
    { numRuns: 60, examples: [[image.length - 1, 0x80]] },
  );
});

test('a dump that inflates to more than it says is given up there', async () => {
  const { genesis, image } = await dumped(1, 2);
  const body = deflateRawSync(new Uint8Array(50_000_000));
  const bomb = new Uint8Array([...image.slice(0, 63), ...keccak256(body), ...body]);
  expect(await reasonOf(bomb, genesis)).toMatch(/its contents are not those/);
  const large = bomb.slice();
  large.fill(0xff, 55, 63);
  expect(await reasonOf(large, genesis)).toMatch(/it says to hold \d+ bytes, and \d+ are the most/);
});

test('a dump made by hand without a head, or with a key of another table, is refused', async () => {
  const { genesis, image } = await dumped(1, 2);
  const withContents = (contents: Uint8Array): Uint8Array => {
    const made = image.slice(0, 95);
    made.set(new Uint8Array(8), 55);
    new DataView(made.buffer).setBigUint64(55, BigInt(contents.length));
    const body = deflateRawSync(contents);
    made.set(keccak256(body), 63);
    return new Uint8Array([...made, ...body]);
  };
  expect(await reasonOf(withContents(new Uint8Array(0)), genesis)).toMatch(/something that every chain has is missing/);
  expect(await reasonOf(withContents(Uint8Array.of(0, 1, 0, 0, 0, 0, 0x50)), genesis)).toMatch(/no chain consists of/);
  expect(await reasonOf(withContents(Uint8Array.of(0, 9, 0, 0, 0, 0, 1)), genesis)).toMatch(
    /in the middle of an entry/,
  );
});
