import { Database } from './database.ts';
import { ensureGenesis } from './genesis-check.ts';
import { LevelChainStore } from './level-chain-store.ts';
import { HISTORY_BLOCKS, STATE_CACHE_BYTES } from './limits.ts';
import type { Medium } from './medium.ts';
import { finishReplacement } from './rewind/rewind-chain.ts';
import { divideCacheBytes } from './state-caches.ts';
import type { ChainStore, GenesisWrite } from './types.ts';

export interface ChainStoreOptions {
  /** Where `chain` is kept. */
  readonly medium: Medium;
  readonly genesis: GenesisWrite;
}

/**
 * Opens one validator's chain, or starts it from `genesis` in an empty place. Throws `DataDirectoryLockedError`,
 * `DataDirectoryVersionError`, `DataDirectoryMismatchError`, `StorageDamagedError`, `StorageFailureError`; then
 * nothing has been changed. Caches of state, the database's own included, take `cacheBytes`. The state
 * of the newest `keptBlocks` blocks is kept; null = of all from here on.
 */
export async function openChainStore(
  { medium, genesis }: ChainStoreOptions,
  cacheBytes: number = STATE_CACHE_BYTES,
  keptBlocks: number | null = HISTORY_BLOCKS,
): Promise<ChainStore> {
  const caches = divideCacheBytes(cacheBytes);
  const database = await Database.open(medium, 'chain', caches.database);
  try {
    await finishReplacement(database, genesis);
    await ensureGenesis(database, genesis, medium.name);
    return await LevelChainStore.load(database, caches.state, keptBlocks);
  } catch (error) {
    await database.close();
    throw error;
  }
}
