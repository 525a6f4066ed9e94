import { ImpossibleStateError } from '@heddle/primitives';
import {
  DataDirectoryLockedError,
  errorCode,
  rootCause,
  StorageDamagedError,
  type StorageFailureError,
  storageFailure,
} from './errors.ts';
import type { KeyRange } from './keys.ts';
import type { BatchOperation, KeyValueStore, Medium } from './medium.ts';
import { openSealed, SealedPut, sealValue } from './sealed-value.ts';
import type { DatabaseCacheBytes } from './state-caches.ts';

/**
 * The key-value store behind the chain. Every value is checked against its checksum when it is read; what does not
 * match is a `StorageDamagedError`, then and at every later read. Anything else that goes wrong below is a `StorageFailureError`.
 */
export class Database {
  readonly #store: KeyValueStore;
  /** For messages: where it lies. */
  readonly #place: string;
  readonly #damageListeners: ((error: StorageDamagedError) => void)[] = [];
  #damage: StorageDamagedError | null = null;

  private constructor(store: KeyValueStore, place: string) {
    this.#store = store;
    this.#place = place;
  }

  /** Throws `DataDirectoryLockedError`, `StorageDamagedError`, `StorageFailureError`. */
  static async open(medium: Medium, name: string, cacheBytes: DatabaseCacheBytes): Promise<Database> {
    try {
      return new Database(await medium.openKeyValue(name, cacheBytes), `${medium.name}/${name}`);
    } catch (cause) {
      if (cause instanceof DataDirectoryLockedError || cause instanceof StorageDamagedError) throw cause;
      throw storageFailure(`open the database ${name} in ${medium.name}`, { cause });
    }
  }

  /** Told once, in the very moment in which damage is found, whoever was reading. */
  onDamage(listener: (error: StorageDamagedError) => void): void {
    this.#damageListeners.push(listener);
  }

  /** Throws `StorageDamagedError`, `StorageFailureError`. */
  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#damage !== null) throw this.#damage;
    let sealed: Uint8Array | undefined;
    try {
      sealed = this.#store.get(key);
    } catch (cause) {
      throw this.#failure('read', cause);
    }
    return sealed === undefined ? undefined : this.#opened(key, sealed);
  }

  /** As `get` for each key, in their order, without holding up this thread. */
  async getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (this.#damage !== null) throw this.#damage;
    const found = await this.#orFailure('read', this.#store.getMany(keys));
    return keys.map((key, index) => {
      const value = found[index];
      return value === undefined ? undefined : this.#opened(key, value);
    });
  }

  /** To be thrown by whoever finds that something is missing or wrong which was written once. */
  damaged(what: string): StorageDamagedError {
    if (this.#damage !== null) return this.#damage;
    const damage = new StorageDamagedError(this.#place, what);
    this.#damage = damage;
    for (const listener of this.#damageListeners) listener(damage);
    return damage;
  }

  /** Writes a batch; `sync` waits until it is on stable storage. Throws as `get`. */
  write(operations: readonly BatchOperation[], sync: boolean): Promise<void> {
    return this.#orFailure('write', this.#store.batch(operations.map(sealed), sync));
  }

  /** Writes a batch that readers see all at once, from the moment in which `applied` runs. Throws as `get`. */
  writeUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void> {
    return this.#orFailure('write', this.#store.batchUnseen(operations.map(sealed), applied));
  }

  /** All entries of a range, in key order. Throws as `get`. */
  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    if (this.#damage !== null) throw this.#damage;
    const found = await this.#orFailure('read', this.#store.entries(range));
    return found.map(([key, value]) => [key, this.#opened(key, value)]);
  }

  /**
   * The first entries of a range, at most `limit`, for who looks for damage: a value that does not match its checksum is
   * null, and the others are still read afterwards. Throws `StorageFailureError`.
   */
  async examine(range: KeyRange, limit: number): Promise<readonly (readonly [Uint8Array, Uint8Array | null])[]> {
    const keys = await this.keys(range, limit);
    const found = await this.#orFailure('read', this.#store.getMany(keys));
    return keys.map((key, index) => {
      const sealed = found[index];
      return [key, sealed === undefined ? null : openSealed(key, sealed)];
    });
  }

  /** Throws as `get`. */
  keys(range: KeyRange, limit: number): Promise<readonly Uint8Array[]> {
    return this.#orFailure('read', this.#store.keys(range, limit));
  }

  /** Not atomic. Throws as `get`. */
  clear(range: KeyRange): Promise<void> {
    return this.#orFailure('write', this.#store.clear(range));
  }

  /** Throws as `get`. */
  isEmpty(): Promise<boolean> {
    return this.#orFailure('read', this.#store.isEmpty());
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  #opened(key: Uint8Array, sealed: Uint8Array): Uint8Array {
    const value = openSealed(key, sealed);
    if (value === null) throw this.damaged('a stored value does not match its checksum');
    return value;
  }

  async #orFailure<Result>(operation: string, result: Promise<Result>): Promise<Result> {
    try {
      return await result;
    } catch (cause) {
      // What `applied` found impossible is no failure of the disk.
      if (cause instanceof ImpossibleStateError) throw cause;
      throw this.#failure(operation, cause);
    }
  }

  #failure(operation: string, cause: unknown): StorageDamagedError | StorageFailureError {
    const isCorrupt = errorCode(rootCause(cause)) === 'LEVEL_CORRUPTION' || errorCode(cause) === 'LEVEL_CORRUPTION';
    return isCorrupt ? this.damaged('LevelDB cannot read a block') : storageFailure(operation, { cause });
  }
}

function sealed(operation: BatchOperation): BatchOperation {
  if (operation instanceof SealedPut) return operation.sealed;
  return operation.type === 'del' ? operation : { ...operation, value: sealValue(operation.key, operation.value) };
}
