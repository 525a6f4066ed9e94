import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SIGNER_WINDOW_POSITIONS, type SignerRecord } from '@heddle/consensus';
import { createMemorySignerStore, openSignerStore } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';

const record = (slot: string, position: bigint, scope = ''): SignerRecord => ({
  slot,
  position,
  scope,
  digest: `0x${position.toString(16).padStart(64, '0')}`,
  signature: new Uint8Array(96).fill(Number(position % 256n)),
});

async function load(path: string): Promise<readonly SignerRecord[]> {
  const store = await openSignerStore(path);
  const records = store.load();
  await store.close();
  return records;
}

describe('SignerStore', () => {
  test('gives back what was appended', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'signer', 'records.log');
      const records = [
        record('0/notarize', 5n),
        record('0/nullify', 0n),
        record('0/produce:1', 7n, `0x${'cd'.repeat(32)}`),
      ];
      const store = await openSignerStore(path);
      expect(store.load()).toEqual([]);
      await Promise.all(records.map((entry) => store.append(entry)));
      await store.close();
      expect(await load(path)).toEqual(records);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }));

  test('beyond its limit forgets only what lies below the window in which the signer signs', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      const store = await openSignerStore(path, 20_000);
      const count = SIGNER_WINDOW_POSITIONS * 3n;
      const appends = [store.append(record('0/finalize', 1n))];
      for (let position = 1n; position <= count; position++) {
        appends.push(store.append(record('0/notarize', position)));
        // One write for all would never let the file grow beyond its limit before the end.
        if (position % 256n === 0n) await Promise.all(appends);
      }
      await Promise.all(appends);
      await store.close();
      const loaded = await load(path);
      expect(loaded[0]).toEqual(record('0/finalize', 1n));
      const positions = loaded.slice(1).map(({ position }) => position);
      expect(positions.length).toBeLessThan(Number(count));
      const lowest = positions[0] ?? 0n;
      expect(lowest).toBeLessThanOrEqual(count - SIGNER_WINDOW_POSITIONS);
      expect(positions).toEqual(Array.from({ length: Number(count - lowest) + 1 }, (_, i) => lowest + BigInt(i)));
    }));

  test('in memory keeps the window', async () => {
    const store = createMemorySignerStore();
    for (let position = 1n; position <= 6000n; position++) await store.append(record('0/notarize', position));
    const positions = store.load().map(({ position }) => position);
    expect(positions.at(-1)).toBe(6000n);
    expect(positions[0]).toBeLessThanOrEqual(6000n - SIGNER_WINDOW_POSITIONS);
    expect(positions.length).toBeLessThan(6000);
  });
});
