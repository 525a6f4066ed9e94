import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalRecord } from '@heddle/consensus';
import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, directoryMedium, type Medium, openJournal } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';
import { withDirectory } from './support/directory.ts';
import { failSyncs } from './support/disk.ts';
import { epochSwitch, finalizeVote, floor, nullification, nullify, recordsOfView } from './support/records.ts';

const PATH = 'journal/epoch-0.log';

/** A directory with the path of the journal in it. */
function withJournal<Result>(use: (medium: Medium, path: string) => Promise<Result>): Promise<Result> {
  return withDirectory((directory) => use(directoryMedium(directory), join(directory, PATH)));
}

async function replay(medium: Medium): Promise<readonly JournalRecord[]> {
  const journal = await openJournal(medium, PATH);
  const records = journal.replay();
  await journal.close();
  return records;
}

async function write(medium: Medium, ...batches: readonly (readonly JournalRecord[])[]): Promise<void> {
  const journal = await openJournal(medium, PATH);
  for (const batch of batches) await journal.append(batch);
  await journal.close();
}

describe('Journal', () => {
  test('gives back every kind of record, in order', () =>
    withJournal(async (medium) => {
      expect(await replay(medium)).toEqual([]);
      await write(medium, recordsOfView(3n), [], recordsOfView(5n));
      await write(medium, [nullify(9n)]);
      expect(await replay(medium)).toEqual([...recordsOfView(3n), ...recordsOfView(5n), nullify(9n)]);
    }));

  test('appends that wait for one another are all there, in the order of the calls', () =>
    withJournal(async (medium) => {
      const journal = await openJournal(medium, PATH);
      const views = Array.from({ length: 50 }, (_, i) => BigInt(i + 1));
      await Promise.all(views.map((view) => journal.append([nullify(view)])));
      await journal.close();
      expect(await replay(medium)).toEqual(views.map(nullify));
    }));

  test('a tail torn at any byte of the last record is cut off, and appending goes on', () =>
    withJournal(async (medium, path) => {
      await write(medium, recordsOfView(3n));
      const before = (await stat(path)).size;
      await write(medium, [finalizeVote(8n)]);
      const whole = await readFile(path);
      for (let length = before; length < whole.length; length++) {
        await writeFile(path, whole.subarray(0, length));
        expect(await replay(medium)).toEqual(recordsOfView(3n));
        expect((await stat(path)).size).toBe(before);
      }
      await writeFile(path, Buffer.concat([whole.subarray(0, whole.length - 3), Buffer.alloc(500)]));
      await write(medium, [nullify(9n)]);
      expect(await replay(medium)).toEqual([...recordsOfView(3n), nullify(9n)]);
    }));

  test('damage before the tail is refused, wherever it is', () =>
    withJournal(async (medium, path) => {
      await write(medium, [nullify(3n)]);
      const first = (await stat(path)).size;
      await write(medium, [nullify(4n), nullify(5n)]);
      const whole = await readFile(path);
      for (let at = 0; at < first; at++) {
        await writeFile(
          path,
          whole.map((byte, index) => (index === at ? byte ^ 0x10 : byte)),
        );
        await expect(openJournal(medium, PATH)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
      }
      await writeFile(path, whole.subarray(0, 5));
      await expect(openJournal(medium, PATH)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', facts: { offset: 0 } });
    }));
});

describe('floors', () => {
  const before = [...recordsOfView(3n), nullify(7n)];
  const repeated = [nullify(7n), nullification(7n)];

  test('forget what stands before them, but not whose journal it is', () =>
    withJournal(async (medium) => {
      await write(medium, [epochSwitch(0n)], before, [nullify(8n), floor(6n), ...repeated]);
      expect(await replay(medium)).toEqual([epochSwitch(0n), floor(6n), ...repeated]);
      await write(medium, [floor(7n)], [nullify(9n)]);
      expect(await replay(medium)).toEqual([epochSwitch(0n), floor(7n), nullify(9n)]);
    }));

  test('rewrite a file beyond the limit, keeping what follows the floor', () =>
    withJournal(async (medium, path) => {
      const journal = await openJournal(medium, PATH, 1000);
      await journal.append([epochSwitch(0n)]);
      for (let i = 0; i < 10; i++) await journal.append(before);
      const long = (await stat(path)).size;
      await journal.append([floor(6n), ...repeated]);
      await journal.append([nullify(8n)]);
      const expected = [epochSwitch(0n), floor(6n), ...repeated, nullify(8n)];
      expect(journal.replay()).toEqual(expected);
      await journal.close();
      expect((await stat(path)).size).toBeLessThan(long / 10);
      expect(await replay(medium)).toEqual(expected);
    }));

  test('leftovers of a rewrite that a crash cut short are ignored', () =>
    withJournal(async (medium, path) => {
      await write(medium, before);
      await writeFile(`${path}.new`, 'half a file');
      expect(await replay(medium)).toEqual(before);
    }));
});

describe('every byte', () => {
  const appends: readonly (readonly JournalRecord[])[] = [
    [epochSwitch(0n)],
    [nullify(7n)],
    [floor(6n), nullify(7n), nullification(7n)],
    [nullify(9n)],
    [floor(8n), nullify(9n)],
    [nullify(12n)],
  ];

  /** What a replay after the first `count` appends gives. */
  function expectedAfter(count: number): readonly JournalRecord[] {
    const records = appends.slice(0, count).flat();
    const last = records.findLastIndex(({ kind }) => kind === 'floor');
    return last === -1 ? records : [epochSwitch(0n), ...records.slice(last)];
  }

  /** The journal's bytes after each append. */
  async function written(): Promise<{ readonly bytes: Uint8Array; readonly ends: readonly number[] }> {
    const medium = createMemoryMedium(createSeededRandom(1));
    const journal = await openJournal(medium, PATH);
    const length = async (): Promise<number> => (await medium.disk.read(PATH))?.length ?? 0;
    const ends = [await length()];
    for (const append of appends) {
      await journal.append(append);
      ends.push(await length());
    }
    return { bytes: (await medium.disk.read(PATH)) ?? new Uint8Array(), ends };
  }

  /** A medium whose journal holds these bytes. */
  async function holding(bytes: Uint8Array): Promise<Medium> {
    const medium = createMemoryMedium(createSeededRandom(2));
    const file = await medium.disk.open(PATH);
    await file.write(bytes, 0);
    return medium;
  }

  test('a journal torn there has all whole appends and nothing else, and goes on', async () => {
    const { bytes, ends } = await written();
    const header = ends[0] ?? 0;
    for (let length = header; length <= bytes.length; length++) {
      const whole = ends.filter((end) => end <= length).length - 1;
      const medium = await holding(bytes.subarray(0, length));
      expect(await replay(medium)).toEqual(expectedAfter(whole));
      expect((await medium.disk.read(PATH))?.length).toBe(ends[whole]);
      if (ends.every((end) => Math.abs(end - length) > 1)) continue;
      await write(medium, ...appends.slice(whole));
      expect(await replay(medium)).toEqual(expectedAfter(appends.length));
    }
  });

  test('a journal damaged there before its last record is refused', async () => {
    const { bytes, ends } = await written();
    const lastRecord = ends.at(-2) ?? 0;
    for (let at = 0; at < lastRecord; at++) {
      const damaged = bytes.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
      await expect(openJournal(await holding(damaged), PATH)).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    }
  });
});

test('after a failed sync every append fails with STORAGE_FAILURE, and what was acknowledged is kept', () =>
  withDirectory(async (directory) => {
    const medium = directoryMedium(directory);
    const journal = await openJournal(medium, PATH);
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
    expect((await replay(medium))[0]).toEqual(nullify(3n));
  }));
