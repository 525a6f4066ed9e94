import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord } from '@heddle/consensus';
import { createMemoryJournal, openJournal } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';
import { failSyncs } from './support/disk.ts';
import { finalizeVote, floor, nullification, nullify, recordsOfView } from './support/records.ts';

async function replay(path: string): Promise<readonly JournalRecord[]> {
  const journal = await openJournal(path);
  const records = journal.replay();
  await journal.close();
  return records;
}

async function write(path: string, ...batches: readonly (readonly JournalRecord[])[]): Promise<void> {
  const journal = await openJournal(path);
  for (const batch of batches) await journal.append(batch);
  await journal.close();
}

describe('Journal', () => {
  test('gives back every kind of record, in order', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'journal', 'epoch-0.log');
      expect(await replay(path)).toEqual([]);
      await write(path, recordsOfView(3n), [], recordsOfView(5n));
      await write(path, [nullify(9n)]);
      expect(await replay(path)).toEqual([...recordsOfView(3n), ...recordsOfView(5n), nullify(9n)]);
    }));

  test('appends that wait for one another are all there, in the order of the calls', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      const journal = await openJournal(path);
      const views = Array.from({ length: 50 }, (_, i) => BigInt(i + 1));
      await Promise.all(views.map((view) => journal.append([nullify(view)])));
      await journal.close();
      expect(await replay(path)).toEqual(views.map(nullify));
    }));

  test('a tail torn at any byte of the last record is cut off, and appending goes on', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      await write(path, recordsOfView(3n));
      const before = (await stat(path)).size;
      await write(path, [finalizeVote(8n)]);
      const whole = await readFile(path);
      for (let length = before; length < whole.length; length++) {
        await writeFile(path, whole.subarray(0, length));
        expect(await replay(path)).toEqual(recordsOfView(3n));
        expect((await stat(path)).size).toBe(before);
      }
      await writeFile(path, Buffer.concat([whole.subarray(0, whole.length - 3), Buffer.alloc(500)]));
      await write(path, [nullify(9n)]);
      expect(await replay(path)).toEqual([...recordsOfView(3n), nullify(9n)]);
    }));

  test('damage before the tail is refused, wherever it is', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      await write(path, [nullify(3n)]);
      const first = (await stat(path)).size;
      await write(path, [nullify(4n), nullify(5n)]);
      const whole = await readFile(path);
      for (let at = 0; at < first; at++) {
        await writeFile(
          path,
          whole.map((byte, index) => (index === at ? byte ^ 0x10 : byte)),
        );
        await expect(openJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
      }
      await writeFile(path, whole.subarray(0, 5));
      await expect(openJournal(path)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', offset: 0 });
    }));
});

describe('floors', () => {
  const before = [...recordsOfView(3n), nullify(7n)];
  const repeated = [nullify(7n), nullification(7n)];

  test('forget what lies at or below them, and nothing above, even if the append was torn', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      await write(path, before, [floor(6n)]);
      expect(await replay(path)).toEqual([floor(6n), nullify(7n)]);
      await write(path, repeated, [floor(7n)]);
      expect(await replay(path)).toEqual([floor(7n)]);
    }));

  test('rewrite a file beyond the limit, keeping what follows the floor', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      const journal = await openJournal(path, 1000);
      for (let i = 0; i < 10; i++) await journal.append(before);
      const long = (await stat(path)).size;
      await journal.append([floor(6n), ...repeated]);
      await journal.append([nullify(8n)]);
      await journal.close();
      expect((await stat(path)).size).toBeLessThan(long / 10);
      expect(await replay(path)).toEqual([floor(6n), ...repeated, nullify(8n)]);
    }));

  test('leftovers of a rewrite that a crash cut short are ignored', () =>
    withDirectory(async (directory) => {
      const path = join(directory, 'log');
      await write(path, before);
      await writeFile(`${path}.new`, 'half a file');
      expect(await replay(path)).toEqual(before);
    }));

  test('forget in memory too', async () => {
    const journal = createMemoryJournal();
    await journal.append(before);
    await journal.append([floor(6n), ...repeated]);
    await journal.append([nullify(8n)]);
    expect(journal.replay()).toEqual([floor(6n), ...repeated, nullify(8n)]);
  });
});

test('after a failed sync every append fails with STORAGE_FAILURE, and what was acknowledged is kept', () =>
  withDirectory(async (directory) => {
    const path = join(directory, 'log');
    const journal = await openJournal(path);
    await journal.append([nullify(3n)]);
    const repair = await failSyncs(directory);
    const failed = { code: 'STORAGE_FAILURE' };
    const first = journal.append([nullify(4n)]);
    const second = journal.append([nullify(5n)]);
    await expect(first).rejects.toMatchObject(failed);
    await expect(second).rejects.toMatchObject(failed);
    repair();
    await expect(journal.append([nullify(6n)])).rejects.toMatchObject(failed);
    await journal.close();
    expect((await replay(path))[0]).toEqual(nullify(3n));
  }));
