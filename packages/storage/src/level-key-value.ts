import type { AbstractBatchOperation, AbstractSnapshot } from 'abstract-level';
import { Level } from 'level';
import { DataDirectoryLockedError, errorCode, rootCause, StorageDamagedError } from './errors.ts';
import type { KeyRange } from './keys.ts';
import { checkLevel } from './level-check/check-level.ts';
import type { BatchOperation, KeyValueStore } from './medium.ts';
import type { DatabaseCacheBytes } from './state-caches.ts';

type ByteLevel = Level<Uint8Array, Uint8Array>;
type Write = AbstractBatchOperation<ByteLevel, Uint8Array, Uint8Array>;

const ENCODINGS = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/** LevelDB in a directory that exists. Opening makes durable what a killed process left unsynced. */
export class LevelKeyValue implements KeyValueStore {
  readonly #level: ByteLevel;
  /** What reads see while LevelDB applies an unseen batch on another thread, in the middle of what runs here. */
  #snapshot: AbstractSnapshot | null = null;

  private constructor(level: ByteLevel) {
    this.#level = level;
  }

  /** Throws `DataDirectoryLockedError`, `StorageDamagedError`, or level's own error. */
  static async open(location: string, cacheBytes: DatabaseCacheBytes): Promise<LevelKeyValue> {
    await refuseIfLocked(location);
    await checkLevel(location);
    const { blocks, writeBuffer, openFiles } = cacheBytes;
    const options = { ...ENCODINGS, cacheSize: blocks, writeBufferSize: writeBuffer, maxOpenFiles: openFiles };
    const level: ByteLevel = new Level<Uint8Array, Uint8Array>(location, options);
    try {
      await level.open();
    } catch (error) {
      const cause = rootCause(error);
      if (errorCode(cause) === 'LEVEL_LOCKED') throw new DataDirectoryLockedError(location, { cause });
      if (errorCode(cause) === 'LEVEL_CORRUPTION') throw new StorageDamagedError(location, 'LevelDB cannot open it');
      throw cause;
    }
    return new LevelKeyValue(level);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#snapshot === null) return this.#level.getSync(key);
    return this.#level.getSync(key, { snapshot: this.#snapshot });
  }

  async getMany(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (this.#snapshot === null) return await this.#level.getMany([...keys]);
    return await this.#level.getMany([...keys], { snapshot: this.#snapshot });
  }

  async batch(operations: readonly BatchOperation[], sync: boolean): Promise<void> {
    const writes: Write[] = [...operations];
    await this.#level.batch(writes, { sync });
  }

  async batchUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void> {
    const snapshot = this.#level.snapshot();
    this.#snapshot = snapshot;
    try {
      await this.batch(operations, false);
      this.#snapshot = null;
      applied();
    } finally {
      this.#snapshot = null;
      await snapshot.close();
    }
  }

  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    return await this.#level.iterator({ ...range }).all();
  }

  async keys(range: KeyRange, limit: number): Promise<readonly Uint8Array[]> {
    return await this.#level.keys({ ...range, limit }).all();
  }

  clear(range: KeyRange): Promise<void> {
    return this.#level.clear({ ...range });
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#level.keys({ limit: 1 }).all()).length === 0;
  }

  close(): Promise<void> {
    return this.#level.close();
  }
}

/** An open that asks for a new database takes the lock, then fails and changes nothing: nobody else writes what is checked next. */
async function refuseIfLocked(location: string): Promise<void> {
  const probe: ByteLevel = new Level<Uint8Array, Uint8Array>(location, ENCODINGS);
  try {
    await probe.open({ createIfMissing: false, errorIfExists: true });
  } catch (error) {
    const cause = rootCause(error);
    if (errorCode(cause) === 'LEVEL_LOCKED') throw new DataDirectoryLockedError(location, { cause });
  }
  await probe.close();
}
