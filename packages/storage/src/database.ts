import { ImpossibleStateError } from '@heddle/primitives';
import { DataDirectoryLockedError, StorageFailureError } from './errors.ts';
import type { KeyRange } from './keys.ts';
import type { KeyValueStore, Medium } from './medium.ts';
import type { DatabaseCacheBytes } from './state-caches.ts';

/** One change of an atomic batch. */
export type BatchOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** The key-value store behind the chain; what goes wrong below it becomes a `StorageFailureError`. */
export class Database {
  readonly #store: KeyValueStore;

  private constructor(store: KeyValueStore) {
    this.#store = store;
  }

  /** Throws `DataDirectoryLockedError`, `StorageFailureError`. */
  static async open(medium: Medium, name: string, cacheBytes: DatabaseCacheBytes): Promise<Database> {
    try {
      return new Database(await medium.openKeyValue(name, cacheBytes));
    } catch (cause) {
      if (cause instanceof DataDirectoryLockedError) throw cause;
      throw new StorageFailureError(`open the database ${name} in ${medium.name}`, { cause });
    }
  }

  /** Throws `StorageFailureError`. */
  get(key: Uint8Array): Uint8Array | undefined {
    try {
      return this.#store.get(key);
    } catch (cause) {
      throw new StorageFailureError('read', { cause });
    }
  }

  /** Writes a batch; `sync` waits until it is on stable storage. Throws `StorageFailureError`. */
  write(operations: readonly BatchOperation[], sync: boolean): Promise<void> {
    return orFailure('write', this.#store.batch(operations, sync));
  }

  /** Writes a batch that readers see all at once, from the moment in which `applied` runs. Throws `StorageFailureError`. */
  writeUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void> {
    return orFailure('write', this.#store.batchUnseen(operations, applied));
  }

  /** All entries of a range, in key order. Throws `StorageFailureError`. */
  entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    return orFailure('read', this.#store.entries(range));
  }

  /** Throws `StorageFailureError`. */
  isEmpty(): Promise<boolean> {
    return orFailure('read', this.#store.isEmpty());
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

async function orFailure<Result>(operation: string, result: Promise<Result>): Promise<Result> {
  try {
    return await result;
  } catch (cause) {
    // What `applied` found impossible is no failure of the disk.
    if (cause instanceof ImpossibleStateError) throw cause;
    throw new StorageFailureError(operation, { cause });
  }
}
