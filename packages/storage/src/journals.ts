import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '@heddle/consensus';
import { errorCode, StorageFailureError } from './errors.ts';
import { createMemoryJournal, openJournal } from './journal.ts';

/** The journals of one validator, one an epoch. */
export interface Journals {
  /** The journal of an epoch; the open one if it is open. Throws what `openJournal` throws. */
  open(epoch: bigint): Promise<Journal>;
  /** Closes and removes the journals of epochs below. Throws `StorageFailureError`. */
  removeBelow(epoch: bigint): Promise<void>;
  close(): Promise<void>;
}

/** In memory for `null`, else files `epoch-<n>.log` of `directory`. */
export function createJournals(directory: string | null): Journals {
  const open = new Map<bigint, Promise<Journal>>();
  const create = (epoch: bigint): Promise<Journal> =>
    directory === null ? Promise.resolve(createMemoryJournal()) : openJournal(join(directory, `epoch-${epoch}.log`));
  return {
    open: (epoch) => {
      const journal = open.get(epoch) ?? create(epoch);
      open.set(epoch, journal);
      return journal;
    },
    removeBelow: async (epoch) => {
      for (const [older, journal] of open) {
        if (older >= epoch) continue;
        open.delete(older);
        await (await journal).close();
      }
      if (directory !== null) await removeFiles(directory, epoch);
    },
    close: async () => {
      for (const journal of open.values()) await (await journal).close();
    },
  };
}

async function removeFiles(directory: string, epoch: bigint): Promise<void> {
  try {
    for (const name of await readdir(directory)) {
      const number = /^epoch-(\d+)\.log$/.exec(name)?.[1];
      if (number !== undefined && BigInt(number) < epoch) await rm(join(directory, name), { force: true });
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new StorageFailureError(`remove old journals of ${directory}`, { cause: error });
  }
}
