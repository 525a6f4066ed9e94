/**
 * What a validator's storage stands on: the files of the logs and one ordered key-value store. The real one is a
 * directory with LevelDB in it; the simulator's lies in memory and fails on purpose.
 */
import type { KeyRange } from './keys.ts';
import type { DatabaseCacheBytes } from './state-caches.ts';

/** Flat or nested names with '/', relative to the medium's root. Every method rejects with the system's own error. */
export interface Disk {
  /** The whole file; null if there is none. */
  read(path: string): Promise<Uint8Array | null>;
  /** Opens for writing, creating file and directories if missing. A new name is durable only after `syncDirectory`. */
  open(path: string): Promise<DiskFile>;
  /** Gives the file `from` the name `to`, replacing what is there, in one step. Durable after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens if there is no such file. */
  remove(path: string): Promise<void>;
  /** Names of the files right in `directory`, sorted; none if it does not exist. */
  list(directory: string): Promise<readonly string[]>;
  /** Makes the names in `directory` durable: creations, renames, removals. */
  syncDirectory(directory: string): Promise<void>;
}

export interface DiskFile {
  /** All of `bytes` at byte offset `at`. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Contents and length are on stable storage when it resolves (fdatasync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** One change of an atomic batch. */
export type BatchOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** An ordered key-value store: synchronous reads, atomic batches. */
export interface KeyValueStore {
  get(key: Uint8Array): Uint8Array | undefined;
  /** As `get` for each key, in their order, without holding up this thread. */
  getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * All or nothing. Reads see it at some moment before it resolves. With `sync` it and all before it are on stable
   * storage then; without, a power failure may take it back, but none before another one that stays. Keys and values
   * are the store's from now on.
   */
  batch(operations: readonly BatchOperation[], sync: boolean): Promise<void>;
  /**
   * As `batch` without sync, one at a time: reads see nothing of it until `applied` runs, and all of it from that very
   * moment on, so that what a caller keeps in memory changes together with what it reads.
   */
  batchUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void>;
  /** In key order. */
  entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]>;
  /** The first keys of a range, at most `limit`, in order. */
  keys(range: KeyRange, limit: number): Promise<readonly Uint8Array[]>;
  /** Deletes a range. Not atomic: after a kill any part of it may be gone. */
  clear(range: KeyRange): Promise<void>;
  isEmpty(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Medium {
  /** For messages: the directory, or that it is memory. */
  readonly name: string;
  readonly disk: Disk;
  /** For salts of files. */
  randomBytes(length: number): Uint8Array;
  /** Throws `DataDirectoryLockedError` while it is open already, here or in another process. */
  openKeyValue(name: string, cacheBytes: DatabaseCacheBytes): Promise<KeyValueStore>;
}

/** The directory that `path` is in; '' is the root of the medium. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}
