import { Database } from './database.ts';
import { ensureGenesis } from './genesis-check.ts';
import { LevelChainStore } from './level-chain-store.ts';
import type { Medium } from './medium.ts';
import type { ChainStore, GenesisWrite } from './types.ts';

export interface ChainStoreOptions {
  /** Where `chain` is kept. */
  readonly medium: Medium;
  readonly genesis: GenesisWrite;
}

/**
 * Opens one validator's chain, or starts it from `genesis` in an empty place. Throws `DataDirectoryLockedError`,
 * `DataDirectoryVersionError`, `DataDirectoryMismatchError`, `CorruptRecordError`, `StorageFailureError`; then
 * nothing has been changed.
 */
export async function openChainStore({ medium, genesis }: ChainStoreOptions): Promise<ChainStore> {
  const database = await Database.open(medium, 'chain');
  try {
    await ensureGenesis(database, genesis, medium.name);
    return await LevelChainStore.load(database);
  } catch (error) {
    await database.close();
    throw error;
  }
}
