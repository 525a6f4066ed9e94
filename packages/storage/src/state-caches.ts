import { assert } from '@heddle/primitives';
import {
  LEVEL_FILE_BYTES,
  MAX_OPEN_FILES,
  MAX_WRITE_BUFFER_BYTES,
  MIN_OPEN_FILES,
  MIN_STATE_CACHE_BYTES,
} from './limits.ts';

/** Bytes that the caches above the database may take, of one shard or of all. */
export interface StateCacheBytes {
  readonly nodes: number;
  /** Which nodes came into the tries lately: see `RecentBirths`. */
  readonly births: number;
  readonly accounts: number;
  readonly codes: number;
}

/** Bytes that the database may take for itself. */
export interface DatabaseCacheBytes {
  /** Blocks of its files. */
  readonly blocks: number;
  /** Each of the two buffers in which it collects what is written. */
  readonly writeBuffer: number;
  /** Files that are open at a time: each is mapped, so what is read of it counts as the process's memory. */
  readonly openFiles: number;
}

/** Of a state that is only written. */
export const NO_CACHES: StateCacheBytes = { nodes: 0, births: 0, accounts: 0, codes: 0 };

/**
 * One budget, divided: half for trie nodes, as an update reads several for each account, an eighth of it for which of
 * them are new; an eighth each for decoded
 * accounts and for blocks of LevelDB's files, a sixteenth for code; the rest for LevelDB's two write buffers. Beside it
 * stand the mapped pages of open files, a quarter more than the budget at most above `MIN_OPEN_FILES`: the system takes
 * them back when it must.
 */
export function divideCacheBytes(bytes: number): {
  readonly state: StateCacheBytes;
  readonly database: DatabaseCacheBytes;
} {
  assert(bytes >= MIN_STATE_CACHE_BYTES, `the caches of state take at least ${MIN_STATE_CACHE_BYTES} bytes`);
  return {
    state: { nodes: (bytes * 7) / 16, births: bytes / 16, accounts: bytes / 8, codes: bytes / 16 },
    database: {
      blocks: Math.floor(bytes / 8),
      writeBuffer: Math.min(MAX_WRITE_BUFFER_BYTES, Math.floor((bytes * 3) / 32)),
      openFiles: Math.max(MIN_OPEN_FILES, Math.min(MAX_OPEN_FILES, Math.floor((bytes * 5) / 4 / LEVEL_FILE_BYTES))),
    },
  };
}

/** What each of `shards` gets. */
export function shareOf({ nodes, births, accounts, codes }: StateCacheBytes, shards: number): StateCacheBytes {
  return { nodes: nodes / shards, births: births / shards, accounts: accounts / shards, codes: codes / shards };
}
