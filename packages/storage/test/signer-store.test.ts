import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNER_WINDOW_POSITIONS, type SignerRecord, type SignerStore } from '@heddle/consensus';
import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, directoryMedium, openSignerStore } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const record = (slot: string, position: bigint, scope = ''): SignerRecord => ({
  slot,
  position,
  scope,
  digest: `0x${position.toString(16).padStart(64, '0')}`,
  signature: new Uint8Array(192).fill(Number(position % 256n)),
});

const PATH = 'signer/records.log';
const NOTHING = { silentBefore: 0n, records: [] };

async function load(directory: string): Promise<readonly SignerRecord[]> {
  const store = await openSignerStore(directoryMedium(directory), PATH, NOTHING);
  const records = store.load();
  await store.close();
  return records;
}

describe('SignerStore', () => {
  test('gives back what was appended', () =>
    withDirectory(async (directory) => {
      const records = [
        record('0/notarize', 5n),
        record('0/nullify', 0n),
        record('0/produce:1', 7n, `0x${'cd'.repeat(32)}`),
      ];
      const store = await openSignerStore(directoryMedium(directory), PATH, NOTHING);
      expect(store.load()).toEqual([]);
      await Promise.all(records.map((entry) => store.append(entry)));
      await store.close();
      expect(await load(directory)).toEqual(records);
      expect((await stat(join(directory, PATH))).mode & 0o777).toBe(0o600);
    }));

  test('beyond its limit forgets only what lies below the window in which the signer signs', () =>
    withDirectory(async (directory) => {
      const store = await openSignerStore(directoryMedium(directory), PATH, NOTHING, 20_000);
      const count = SIGNER_WINDOW_POSITIONS * 3n;
      const appends = [store.append(record('0/finalize', 1n))];
      for (let position = 1n; position <= count; position++) {
        appends.push(store.append(record('0/notarize', position)));
        // One write for all would never let the file grow beyond its limit before the end.
        if (position % 256n === 0n) await Promise.all(appends);
      }
      await Promise.all(appends);
      await store.close();
      const loaded = await load(directory);
      expect(loaded[0]).toEqual(record('0/finalize', 1n));
      const positions = loaded.slice(1).map(({ position }) => position);
      expect(positions.length).toBeLessThan(Number(count));
      const lowest = positions[0] ?? 0n;
      expect(lowest).toBeLessThanOrEqual(count - SIGNER_WINDOW_POSITIONS);
      expect(positions).toEqual(Array.from({ length: Number(count - lowest) + 1 }, (_, i) => lowest + BigInt(i)));
    }));

  test('beyond its limit forgets the epochs in which the signer signs no more', () =>
    withDirectory(async (directory) => {
      const store = await openSignerStore(directoryMedium(directory), PATH, NOTHING, 1_000);
      for (const epoch of [0, 1, 2, 3]) {
        for (let view = 1n; view <= 5n; view++) await store.append(record(`${epoch}/notarize`, view));
      }
      await store.close();
      const slots = new Set((await load(directory)).map(({ slot }) => slot));
      expect([...slots]).toEqual(['2/notarize', '3/notarize']);
    }));

  test('begins with the history that it is made with, and keeps a silence through rewriting', () =>
    withDirectory(async (directory) => {
      const medium = directoryMedium(directory);
      const silent = { silentBefore: 7n, records: [record('0/finalize', 1n)] };
      const store = await openSignerStore(medium, PATH, silent, 1000);
      for (let position = 1n; position <= 50n; position++) await store.append(record('0/notarize', position));
      await store.close();
      const again = await openSignerStore(medium, PATH, NOTHING);
      expect(again.silentBefore()).toBe(7n);
      expect(again.load()).toHaveLength(51);
      await again.close();
    }));

  test('torn at any byte has every whole record and nothing else; damaged before the last record is refused', async () => {
    const records = [
      record('0/notarize', 5n),
      record('0/produce:1', 7n, `0x${'cd'.repeat(32)}`),
      record('0/nullify', 6n),
    ];
    const written = createMemoryMedium(createSeededRandom(1));
    const store = await openSignerStore(written, PATH, { silentBefore: 2n, records: [] });
    const length = async (): Promise<number> => (await written.disk.read(PATH))?.length ?? 0;
    const ends = [await length()];
    for (const entry of records) {
      await store.append(entry);
      ends.push(await length());
    }
    const bytes = (await written.disk.read(PATH)) ?? new Uint8Array();
    const open = async (contents: Uint8Array): Promise<SignerStore> => {
      const medium = createMemoryMedium(createSeededRandom(2));
      await (await medium.disk.open(PATH)).write(contents, 0);
      return openSignerStore(medium, PATH, NOTHING);
    };
    for (let end = ends[0] ?? 0; end <= bytes.length; end++) {
      const torn = await open(bytes.subarray(0, end));
      expect(torn.silentBefore()).toBe(2n);
      expect(torn.load()).toEqual(records.slice(0, ends.filter((whole) => whole <= end).length - 1));
    }
    for (let at = 0; at < (ends.at(-2) ?? 0); at++) {
      const damaged = open(bytes.map((byte, index) => (index === at ? byte ^ 0x20 : byte)));
      await expect(damaged).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    }
  });
});
