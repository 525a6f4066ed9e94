import type { JournalRecord } from './effect.ts';

/** An append-only log of consensus records. One writer. */
export interface Journal {
  /** Appends all records and returns when they are on stable storage (one fdatasync). An I/O error is fatal to the process. */
  append(records: readonly JournalRecord[]): Promise<void>;
  /** All records since the last floor, in order, those appended since the journal was opened included. */
  replay(): readonly JournalRecord[];
  close(): Promise<void>;
}

/** What the signer stores, so that it never signs two different things in one place. Opaque to the store. */
export interface SignerRecord {
  /** `<epoch>/propose`, `/notarize`, `/nullify`, `/finalize`, `/produce:<shard>` or `/endorse:<shard>`. */
  readonly slot: string;
  /** View for consensus, height for chunks. */
  readonly position: bigint;
  /** For chunks: the parent block hash, since one height may have several parents; '' for consensus. */
  readonly scope: string;
  /** The signed message (itself a SHA-256), hex. */
  readonly digest: string;
  readonly signature: Uint8Array;
}

/** All that the signer's database says. */
export interface SignerHistory {
  /** The first epoch in which this key may sign: 0, but after its records were lost. */
  readonly silentBefore: bigint;
  readonly records: readonly SignerRecord[];
}

/**
 * Durable home of the signer's records. It may drop a record that lies more than `SIGNER_WINDOW_POSITIONS` below the
 * highest position of its slot, or more than `SIGNER_WINDOW_EPOCHS` below the highest epoch of all: the signer refuses
 * everything there. The highest of a slot of these epochs always stays.
 */
export interface SignerStore {
  /** As in `SignerHistory`; stays as it is while the store is open. */
  silentBefore(): bigint;
  /** All records so far, in the order of their appends, those appended since the store was opened included. */
  load(): readonly SignerRecord[];
  /**
   * Durable (file and directory synced) when it resolves. May be called again before that: records become durable in
   * the order of the calls, several with one sync if the store likes.
   */
  append(record: SignerRecord): Promise<void>;
  close(): Promise<void>;
}
