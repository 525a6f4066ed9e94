import type { Database } from './database.ts';
import type { BatchOperation } from './medium.ts';

interface Waiting {
  readonly operation: BatchOperation;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Durable single puts. Those that come while one is being synced go out together, with one sync. */
export class SyncWriter {
  readonly #database: Database;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Resolves when `operation` is on stable storage. Throws `StorageFailureError`. */
  write(operation: BatchOperation): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ operation, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Waits until nothing is being written. */
  async settle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#database.write(
          batch.map(({ operation }) => operation),
          true,
        );
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = null;
  }
}
