import { createSeededRandom } from '@heddle/runtime';
import {
  createMemoryMedium,
  type MemoryMedium,
  openValidatorStorage,
  readSignerHistory,
  type ValidatorStorage,
  writeSignerHistory,
} from '@heddle/storage';
import { TestChain, testFinalization } from '@heddle/storage/conformance';
import { ZERO_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import { epochSwitch, nullify } from './support/records.ts';

const SIGNER = 'signer/records.log';
const { genesis } = new TestChain(1);

const fresh = (): MemoryMedium => createMemoryMedium(createSeededRandom(4));
const open = (medium: MemoryMedium): Promise<ValidatorStorage> => openValidatorStorage({ medium, genesis });

async function once<Result>(
  medium: MemoryMedium,
  use: (storage: ValidatorStorage) => Promise<Result>,
): Promise<Result> {
  const storage = await open(medium);
  try {
    return await use(storage);
  } finally {
    await storage.close();
  }
}

const silence = (medium: MemoryMedium): Promise<bigint> =>
  once(medium, ({ signerStore }) => Promise.resolve(signerStore.silentBefore()));

describe('journals of epochs', () => {
  test('are files of their own; those of past epochs go, and an open one is opened once', async () => {
    const medium = fresh();
    await once(medium, async (storage) => {
      for (const epoch of [0n, 1n, 2n, 10n]) await (await storage.openJournal(epoch)).append([epochSwitch(epoch)]);
      expect(await storage.openJournal(2n)).toBe(await storage.openJournal(2n));
    });
    await once(medium, async (storage) => {
      expect((await storage.openJournal(10n)).replay()).toEqual([epochSwitch(10n)]);
      await storage.removeJournalsBelow(10n);
      expect(await medium.disk.list('journal')).toEqual(['epoch-10.log']);
      await (await storage.openJournal(10n)).append([nullify(3n)]);
    });
    await once(medium, async (storage) => {
      expect((await storage.openJournal(10n)).replay()).toEqual([epochSwitch(10n), nullify(3n)]);
      expect((await storage.openJournal(2n)).replay()).toEqual([]);
    });
  });
});

describe('a signer without its records', () => {
  test('signs on a fresh medium, and after restarts', async () => {
    const medium = fresh();
    expect(await silence(medium)).toBe(0n);
    expect(await silence(medium)).toBe(0n);
  });

  test('is silent for one full epoch beside a journal, through restarts', async () => {
    const medium = fresh();
    await once(medium, async (storage) => (await storage.openJournal(0n)).append([epochSwitch(0n)]));
    await medium.disk.remove(SIGNER);
    for (let restart = 0; restart < 3; restart++) expect(await silence(medium)).toBe(2n);
  });

  test('counts from the latest epoch that the journals or the chain know', async () => {
    const medium = fresh();
    await once(medium, (storage) => storage.openJournal(5n));
    await medium.disk.remove(SIGNER);
    expect(await silence(medium)).toBe(7n);
    const behind = fresh();
    const chain = new TestChain(1);
    await once(behind, async (storage) => {
      const write = chain.next();
      const { tuple, ...certificate } = testFinalization(1n, write.blockHash, ZERO_HASH);
      await storage.chain.commit({ ...write, finalization: { ...certificate, tuple: { ...tuple, epoch: 3n } } });
    });
    await behind.disk.remove(SIGNER);
    expect(await silence(behind)).toBe(5n);
  });

  test('is silent on an empty medium too, where it is known to have run before', async () => {
    const medium = fresh();
    const first = await openValidatorStorage({ medium, genesis }, undefined, 6n);
    expect(first.signerStore.silentBefore()).toBe(8n);
    await first.close();
    expect(await silence(medium)).toBe(8n);
  });

  test('that is emptied or damaged is refused: no copy is asked for, but an import, or silence', async () => {
    const medium = fresh();
    await once(medium, async (storage) => (await storage.openJournal(0n)).append([epochSwitch(0n)]));
    const file = await medium.disk.open(SIGNER);
    await file.truncate(0);
    await expect(open(medium)).rejects.toThrow(
      /no old copy.*Import an export.*signer import.*silent until a full epoch/,
    );
    await expect(open(medium)).rejects.not.toThrow(/from a copy/);
    await medium.disk.remove(SIGNER);
    expect(await silence(medium)).toBe(2n);
  });

  test('speaks again when its history has been written', async () => {
    const medium = fresh();
    await once(medium, async (storage) => (await storage.openJournal(0n)).append([epochSwitch(0n)]));
    const history = await readSignerHistory(medium);
    await medium.disk.remove(SIGNER);
    await expect(readSignerHistory(medium)).rejects.toMatchObject({ code: 'SIGNER_MISSING' });
    expect(await silence(medium)).toBe(2n);
    await writeSignerHistory(medium, history);
    expect(await silence(medium)).toBe(0n);
  });
});
