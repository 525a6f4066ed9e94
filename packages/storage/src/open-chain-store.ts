import { Database } from './database.ts';
import { ensureGenesis } from './genesis-check.ts';
import { LevelChainStore } from './level-chain-store.ts';
import type { ChainStore, GenesisWrite } from './types.ts';

export interface ChainStoreOptions {
  /** Directory of the database, created if missing; `null` = in memory, gone when closed. */
  readonly location: string | null;
  readonly genesis: GenesisWrite;
}

/**
 * Opens one validator's chain, or starts it from `genesis` in an empty place. Throws `DataDirectoryLockedError`,
 * `DataDirectoryVersionError`, `DataDirectoryMismatchError`, `CorruptRecordError`, `StorageFailureError`; then
 * nothing has been changed.
 */
export async function openChainStore({ location, genesis }: ChainStoreOptions): Promise<ChainStore> {
  const database = await Database.open(location);
  try {
    await ensureGenesis(database, genesis, location ?? 'memory');
    return await LevelChainStore.load(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}
