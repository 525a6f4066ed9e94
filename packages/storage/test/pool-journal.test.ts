import { createSeededRandom } from '@heddle/runtime';
import { createMemoryMedium, openPoolJournal } from '@heddle/storage';
import { describe, expect, test } from '@jest/globals';

const PATH = 'pool/transactions.log';
const raw = (i: number): Uint8Array => new Uint8Array(100).fill(i);
const raws = (...numbers: readonly number[]): readonly Uint8Array[] => numbers.map(raw);
const ALL = raws(1, 2, 3);

describe('a pool journal', () => {
  test('has after a kill what was appended, in order', async () => {
    const medium = createMemoryMedium(createSeededRandom(1));
    const journal = await openPoolJournal(medium, PATH);
    for (const each of ALL) await journal.append(each, () => ALL);
    medium.kill();
    const again = await openPoolJournal(medium, PATH);
    expect(again.load()).toEqual(ALL);
  });

  test('waits for no sync: one write an append', async () => {
    const steps: string[] = [];
    const medium = createMemoryMedium(createSeededRandom(1), ({ op }, apply) => {
      steps.push(op);
      apply();
      return Promise.resolve();
    });
    const journal = await openPoolJournal(medium, PATH);
    steps.length = 0;
    await journal.append(raw(1), () => ALL);
    expect(steps).toEqual(['write']);
  });

  test('loses the newest at most when the power fails, and opens', async () => {
    for (let seed = 1; seed < 40; seed++) {
      const medium = createMemoryMedium(createSeededRandom(1));
      const journal = await openPoolJournal(medium, PATH);
      for (const each of ALL) await journal.append(each, () => ALL);
      medium.powerFailure(createSeededRandom(seed));
      const kept = (await openPoolJournal(medium, PATH)).load();
      expect(kept).toEqual(ALL.slice(0, kept.length));
    }
  });

  test('is written anew with what waits: beyond a limit, and with the first append after a start', async () => {
    const medium = createMemoryMedium(createSeededRandom(1));
    const limit = 2_000;
    let journal = await openPoolJournal(medium, PATH, limit);
    for (let i = 0; i < 100; i++) {
      await journal.append(raw(i), () => [raw(i)]);
      expect((await medium.disk.read(PATH))?.length).toBeLessThan(limit + 200);
    }
    for (const each of ALL) await journal.append(each, () => ALL);
    await journal.close();
    journal = await openPoolJournal(medium, PATH, limit);
    await journal.append(raw(9), () => raws(2, 9));
    expect(journal.load()).toEqual(raws(2, 9));
    await journal.close();
    expect((await openPoolJournal(medium, PATH, limit)).load()).toEqual(raws(2, 9));
  });

  test('that is damaged is begun anew: it holds nobody up', async () => {
    const medium = createMemoryMedium(createSeededRandom(1));
    const journal = await openPoolJournal(medium, PATH);
    for (const each of ALL) await journal.append(each, () => ALL);
    await journal.close();
    const file = await medium.disk.open(PATH);
    await file.write(Uint8Array.of(0xff), 30);
    const again = await openPoolJournal(medium, PATH);
    expect(again.load()).toEqual([]);
    await again.append(raw(4), () => raws(4));
    expect(again.load()).toEqual(raws(4));
  });
});
