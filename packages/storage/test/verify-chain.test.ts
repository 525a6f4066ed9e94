import { appendFile, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '@heddle/primitives';
import { directoryMedium, inspectChain, type KeyValueStore, openChainStore, verifyChain } from '@heddle/storage';
import { TestChain } from '@heddle/storage/conformance';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isIn, type TableName, tableRange } from '../src/keys.ts';
import { withDirectory } from './support/directory.ts';

const BLOCKS = 12;
const CACHES = { blocks: 1_000_000, writeBuffer: 1_000_000, openFiles: 128 };
/** What a chain whose headers are not real can be asked about: there is always damage in its blocks, and always the same. */
const TABLES: readonly TableName[] = ['account', 'slot', 'message', 'pending', 'origin', 'blockNumber', 'block'];

async function build(directory: string): Promise<void> {
  const chain = new TestChain(2);
  const store = await openChainStore({ medium: directoryMedium(directory), genesis: chain.genesis });
  for (let i = 0; i < BLOCKS; i++) await store.commit(chain.next());
  await store.close();
}

const openStore = (directory: string): Promise<KeyValueStore> =>
  directoryMedium(directory).openKeyValue('chain', CACHES);

/** As the store seals it: the value, then the checksum of key and value. */
function sealed(key: Uint8Array, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(value.length + 4);
  bytes.set(value);
  new DataView(bytes.buffer).setUint32(value.length, crc32c(value, crc32c(key)));
  return bytes;
}

test(
  'an entry that is missing, or says something else under a good checksum, is found',
  () =>
    withDirectory(async (directory) => {
      const [built, changed] = [join(directory, 'built'), join(directory, 'changed')];
      await build(built);
      const store = await openStore(built);
      const entries = (await Promise.all(TABLES.map((table) => store.entries(tableRange(table))))).flat();
      await store.close();
      const { damages, damageCount } = await verifyChain(built, () => {});
      const known = new Set(damages.map(({ what }) => what));
      /** Whether there is damage that was not there before: without its first block a chain is not gone through at all. */
      const isFound = async (change: (opened: KeyValueStore) => Promise<void>): Promise<boolean> => {
        await rm(changed, { recursive: true, force: true });
        await cp(built, changed, { recursive: true });
        const opened = await openStore(changed);
        await change(opened);
        await opened.close();
        const after = await verifyChain(changed, () => {});
        return after.damageCount !== damageCount || after.damages.some(({ what }) => !known.has(what));
      };
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...entries), fc.nat(), fc.nat(7), async ([key, value], at, bit) => {
          expect(await isFound((opened) => opened.batch([{ type: 'del', key }], false))).toBe(true);
          const other = value.slice(0, -4);
          const place = at % other.length;
          other[place] = (other[place] ?? 0) ^ (1 << bit);
          // A block that is not real is damaged before and after, and of what is in a delivered message only its place is known.
          if (isIn(['block', 'message'], key)) return;
          const put = { type: 'put', key, value: sealed(key, other) } as const;
          expect(await isFound((opened) => opened.batch([put], false))).toBe(true);
        }),
        { numRuns: 25 },
      );
    }),
  120_000,
);

test(
  'a byte that changed on the disk is found, and what was found stays as it is',
  () =>
    withDirectory(async (directory) => {
      await build(directory);
      const folder = join(directory, 'chain');
      const names = (await readdir(folder)).filter((name) => /^MANIFEST|\.ldb$|\.log$/.test(name));
      const files = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files.filter(({ bytes }) => bytes.length > 200)),
          fc.nat(),
          async (file, at) => {
            const changed = Uint8Array.from(file.bytes);
            // In the first half: damage to the last record of a journal cannot be told from a torn tail.
            const place = at % (changed.length >>> 1);
            changed[place] = (changed[place] ?? 0) ^ 0x55;
            await writeFile(join(folder, file.name), changed);
            const before = await readdir(directory, { recursive: true });
            const { damages, info } = await verifyChain(directory, () => {});
            expect(info).toBeNull();
            expect(damages).toEqual([{ part: 'files', what: expect.any(String) }]);
            expect(await readdir(directory, { recursive: true })).toEqual(before);
            expect(new Uint8Array(await readFile(join(folder, file.name)))).toEqual(changed);
            await writeFile(join(folder, file.name), file.bytes);
          },
        ),
        { numRuns: 20 },
      );
      expect((await verifyChain(directory, () => {})).info).toMatchObject({ height: BigInt(BLOCKS) });
    }),
  60_000,
);

test('info and verify leave every file as it is', () =>
  withDirectory(async (directory) => {
    await build(directory);
    const all = async (): Promise<readonly (readonly [string, string])[]> => {
      const names = (await readdir(directory, { recursive: true })).sort();
      const read = async (name: string): Promise<readonly [string, string]> => {
        const text = await readFile(join(directory, name), 'latin1').catch(() => 'folder');
        return [name, text];
      };
      return Promise.all(names.map(read));
    };
    // Of a node that was killed while somebody looked: begun anew.
    await cp(join(directory, 'chain'), join(directory, 'chain-view', 'chain'), { recursive: true });
    await appendFile(join(directory, 'chain-view', 'chain', 'CURRENT'), 'torn');
    expect(await inspectChain(directory)).toMatchObject({ height: BigInt(BLOCKS), shards: 2, isPruned: true });
    const before = await all();
    await inspectChain(directory);
    await verifyChain(directory, () => {});
    expect(await all()).toEqual(before);
  }));
