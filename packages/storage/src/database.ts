import { mkdir } from 'node:fs/promises';
import type { AbstractBatchOperation, AbstractLevel, AbstractSnapshot } from 'abstract-level';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { DataDirectoryLockedError, errorCode, rootCause, StorageFailureError } from './errors.ts';
import type { KeyRange } from './keys.ts';

type Level = AbstractLevel<string | Buffer | Uint8Array, Uint8Array, Uint8Array>;
type Write = AbstractBatchOperation<Level, Uint8Array, Uint8Array>;

/** One change of an atomic batch. */
export type BatchOperation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

const ENCODINGS = { keyEncoding: 'view', valueEncoding: 'view' } as const;

/**
 * The level database behind the store: synchronous reads, atomic batches. Reads during `writeUnseen` see the state
 * before it until it has returned: LevelDB applies a batch on another thread, in the middle of what runs here.
 */
export class Database {
  readonly #level: Level;
  readonly #classic: ClassicLevel<Uint8Array, Uint8Array> | null;
  #snapshot: AbstractSnapshot | null = null;

  private constructor(level: Level, classic: ClassicLevel<Uint8Array, Uint8Array> | null) {
    this.#level = level;
    this.#classic = classic;
  }

  /** `null` = in memory. Throws `DataDirectoryLockedError`, `StorageFailureError`. */
  static async open(location: string | null): Promise<Database> {
    if (location === null) {
      const memory = new MemoryLevel<Uint8Array, Uint8Array>({ ...ENCODINGS, storeEncoding: 'view' });
      await memory.open();
      return new Database(memory, null);
    }
    try {
      await mkdir(location, { recursive: true });
      const classic = new ClassicLevel<Uint8Array, Uint8Array>(location, ENCODINGS);
      await classic.open();
      return new Database(classic, classic);
    } catch (error) {
      const cause = rootCause(error);
      if (errorCode(cause) === 'LEVEL_LOCKED') throw new DataDirectoryLockedError(location, { cause });
      throw new StorageFailureError(`open the database in ${location}`, { cause });
    }
  }

  /** Throws `StorageFailureError`. */
  get(key: Uint8Array): Uint8Array | undefined {
    try {
      if (this.#snapshot === null) return this.#level.getSync(key);
      return this.#level.getSync(key, { snapshot: this.#snapshot });
    } catch (cause) {
      throw new StorageFailureError('read', { cause });
    }
  }

  /** Writes a batch; `sync` waits until it is on stable storage. Throws `StorageFailureError`. */
  async write(operations: readonly BatchOperation[], sync: boolean): Promise<void> {
    const writes: Write[] = [...operations];
    try {
      if (this.#classic === null) await this.#level.batch(writes);
      else await this.#classic.batch([...operations], { sync });
    } catch (cause) {
      throw new StorageFailureError('write', { cause });
    }
  }

  /**
   * Writes a batch that readers see all at once: `applied` runs at the very moment from which reads see it, so that
   * what its caller keeps in memory changes together with the database. Throws `StorageFailureError`.
   */
  async writeUnseen(operations: readonly BatchOperation[], applied: () => void): Promise<void> {
    const snapshot = this.#level.snapshot();
    this.#snapshot = snapshot;
    try {
      await this.write(operations, false);
    } catch (error) {
      this.#snapshot = null;
      await snapshot.close();
      throw error;
    }
    this.#snapshot = null;
    applied();
    await snapshot.close();
  }

  /** All entries of a range, in key order. Throws `StorageFailureError`. */
  async entries(range: KeyRange): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    try {
      return await this.#level.iterator({ ...range }).all();
    } catch (cause) {
      throw new StorageFailureError('read', { cause });
    }
  }

  async isEmpty(): Promise<boolean> {
    try {
      return (await this.#level.keys({ limit: 1 }).all()).length === 0;
    } catch (cause) {
      throw new StorageFailureError('read', { cause });
    }
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}
