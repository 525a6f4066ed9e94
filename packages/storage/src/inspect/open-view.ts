/**
 * A LevelDB folder, to be read while it stays as it is. LevelDB writes whenever it opens a folder: it replays its journal
 * and begins new files. So it opens another folder beside: tables, which never change, have a second name there; the rest is copied.
 */
import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../database.ts';
import { directoryMedium } from '../directory-medium.ts';
import { errorCode, storageFailure } from '../errors.ts';
import { checkLevel } from '../level-check/check-level.ts';
import { MIN_STATE_CACHE_BYTES } from '../limits.ts';
import { divideCacheBytes } from '../state-caches.ts';

const CHAIN = 'chain';
const VIEW = 'chain-view';

/** A chain that was opened for reading alone. */
export interface ChainView {
  readonly database: Database;
  close(): Promise<void>;
}

/**
 * Of the chain of the validator in `directory`, whom nobody runs meanwhile. Compares all checksums of its files. Throws
 * `StorageDamagedError`, `StorageFailureError`.
 */
export async function openChainView(directory: string): Promise<ChainView> {
  const folder = join(directory, CHAIN);
  const view = join(directory, VIEW);
  await orFailure('read the database', () => checkLevel(folder, Number.POSITIVE_INFINITY));
  const remove = (): Promise<void> => rm(view, { recursive: true, force: true });
  try {
    await orFailure('make a view of the database', async () => {
      await remove();
      await mkdir(join(view, CHAIN), { recursive: true });
      for (const name of await readdir(folder)) await take(join(folder, name), join(view, CHAIN, name));
    });
    const caches = divideCacheBytes(MIN_STATE_CACHE_BYTES);
    const database = await Database.open(directoryMedium(view), CHAIN, caches.database);
    return {
      database,
      close: async () => {
        await database.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function take(from: string, to: string): Promise<void> {
  if (/\.(?:ldb|sst)$/.test(from)) {
    try {
      return await link(from, to);
    } catch (error) {
      // Not every file system has second names.
      if (!/^E(?:PERM|MLINK|NOTSUP|OPNOTSUPP)$/.test(errorCode(error))) throw error;
    }
  }
  await copyFile(from, to);
}

async function orFailure<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    if (errorCode(cause) === 'STORAGE_DAMAGED') throw cause;
    throw storageFailure(operation, { cause });
  }
}
