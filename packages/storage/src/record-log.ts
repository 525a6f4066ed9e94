/**
 * An append-only file of checksummed records; each append counts as a whole or not at all. Appends that wait while one is being synced go out together with one
 * write and one fdatasync. The first I/O error is final: what the disk holds after a failed sync is unknown.
 */
import { bigintToBytes, concatBytes, crc32c, equalBytes, utf8ToBytes } from '@heddle/primitives';
import { JournalCorruptError, type StorageFailureError, storageFailure } from './errors.ts';
import { decodeFrame, encodeFrame, type LogRecord } from './frame.ts';
import { type DiskFile, type Medium, parentOf } from './medium.ts';

/** The file begins with this, the salt of its records and the crc32c of both (4 bytes, big-endian). */
const MAGIC = utf8ToBytes('HEDDLOG1');
const SALT_BYTES = 8;
const HEADER_BYTES: number = MAGIC.length + SALT_BYTES + 4;

/** With a damaged salt no record would read, and all would pass for a torn tail: hence a checksum of its own. */
function header(salt: Uint8Array): Uint8Array {
  const start = concatBytes(MAGIC, salt);
  return concatBytes(start, bigintToBytes(BigInt(crc32c(start)), 4));
}

/**
 * Called with the records of each batch that has been written, in order, and the file's length then. Returns the records that the
 * file is to hold from now on, or `null` to leave it as it is.
 */
export type AfterSync = (synced: readonly LogRecord[], fileBytes: number) => readonly LogRecord[] | null;

interface PendingAppend {
  readonly records: readonly LogRecord[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Whether an append waits until it is on stable storage, or only until the system has it, which outlives the process. */
export type Durability = 'synced' | 'unsynced';

/** What a log is, said by its owner. */
export interface LogKind {
  /** Records of a new file. */
  readonly initial: readonly LogRecord[];
  readonly durability: Durability;
  /** What to do when it is damaged; ends the message. */
  readonly wayOut: string;
}

/** What a log stands on: taken once, when it is opened. */
type LogMedium = Pick<Medium, 'name' | 'disk' | 'randomBytes'>;

/** A whole log beside `path`, synced and put in place. A crash leaves the old file or the new one. */
async function replaceFile({ disk }: LogMedium, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  await disk.remove(temporary);
  const file = await disk.open(temporary);
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, path);
  await disk.syncDirectory(parentOf(path));
}

interface Contents {
  readonly salt: Uint8Array;
  /** Those of whole appends. */
  readonly records: readonly LogRecord[];
  /** Where the last whole append ends. */
  readonly end: number;
}

/**
 * Reads all records. What does not read is a torn tail if no sound record follows it: an append that was cut off and
 * never acknowledged; what of it reads is cut off too. If a sound record follows, the file is damaged; throws
 * `JournalCorruptError`.
 */
function parse(path: string, bytes: Uint8Array, wayOut: string): Contents {
  const salt = bytes.slice(MAGIC.length, MAGIC.length + SALT_BYTES);
  if (!equalBytes(bytes.subarray(0, HEADER_BYTES), header(salt))) {
    throw new JournalCorruptError(path, 0, 'it does not start as a log of this program', wayOut);
  }
  const records: LogRecord[] = [];
  let whole = { count: 0, end: HEADER_BYTES };
  let end = HEADER_BYTES;
  for (let frame = decodeFrame(salt, bytes, end); frame !== null; frame = decodeFrame(salt, bytes, end)) {
    records.push(frame.record);
    end = frame.end;
    if (!frame.goesOn) whole = { count: records.length, end };
  }
  for (let offset = end + 1; offset < bytes.length; offset++) {
    if (decodeFrame(salt, bytes, offset) !== null) {
      throw new JournalCorruptError(path, end, `a sound record follows at byte ${offset}`, wayOut);
    }
  }
  return { salt, records: records.slice(0, whole.count), end: whole.end };
}

/** The records of one append; they count together or not at all. */
function encodeAppend(salt: Uint8Array, records: readonly LogRecord[]): readonly Uint8Array[] {
  return records.map((record, index) => encodeFrame(salt, record, index + 1 < records.length));
}

/** A whole file; it is put in place at once, so its records need not count together. */
function render(salt: Uint8Array, records: readonly LogRecord[]): Uint8Array {
  return concatBytes(header(salt), ...records.map((record) => encodeFrame(salt, record, false)));
}

export class RecordLog {
  readonly #path: string;
  readonly #medium: LogMedium;
  #salt: Uint8Array;
  #file: DiskFile;
  #bytes: number;
  #waiting: PendingAppend[] = [];
  #draining: Promise<void> = Promise.resolve();
  #isDraining = false;
  #failure: StorageFailureError | null = null;
  readonly #durability: Durability;
  readonly #afterSync: AfterSync;

  private constructor(
    path: string,
    medium: LogMedium,
    contents: Contents,
    file: DiskFile,
    durability: Durability,
    afterSync: AfterSync,
  ) {
    this.#path = path;
    this.#medium = medium;
    this.#salt = contents.salt;
    this.#file = file;
    this.#bytes = contents.end;
    this.#durability = durability;
    this.#afterSync = afterSync;
  }

  /**
   * Opens the log at `path`, cutting off a torn tail, or creates it with the records `initial`, whole or not at all.
   * Throws `JournalCorruptError`, and `StorageFailureError` when the disk fails.
   */
  static async open(
    stands: LogMedium,
    path: string,
    { initial, durability, wayOut }: LogKind,
    afterSync: AfterSync,
  ): Promise<{ readonly log: RecordLog; readonly records: readonly LogRecord[] }> {
    const { disk } = stands;
    const medium: LogMedium = { name: stands.name, disk, randomBytes: (length) => stands.randomBytes(length) };
    try {
      await disk.remove(`${path}.new`);
      let bytes = await disk.read(path);
      if (bytes === null) {
        bytes = render(medium.randomBytes(SALT_BYTES), initial);
        await replaceFile(medium, path, bytes);
      }
      const contents = parse(`${medium.name}/${path}`, bytes, wayOut);
      const file = await disk.open(path);
      if (contents.end < bytes.length) await file.truncate(contents.end);
      // A process that was killed may have left bytes and a name that are read here and yet not durable.
      await file.sync();
      await disk.syncDirectory(parentOf(path));
      await disk.syncDirectory(parentOf(parentOf(path)));
      return { log: new RecordLog(path, medium, contents, file, durability, afterSync), records: contents.records };
    } catch (error) {
      if (error instanceof JournalCorruptError) throw error;
      throw storageFailure(`open ${path}`, { cause: error });
    }
  }

  /** Puts a log with these records in the place of what is at `path`; nobody has it open. Throws `StorageFailureError`. */
  static async replace(medium: LogMedium, path: string, records: readonly LogRecord[]): Promise<void> {
    try {
      await replaceFile(medium, path, render(medium.randomBytes(SALT_BYTES), records));
      await medium.disk.syncDirectory(parentOf(parentOf(path)));
    } catch (cause) {
      throw storageFailure(`write ${path}`, { cause });
    }
  }

  /** Resolves when all records are as durable as the log's are. Throws `StorageFailureError`, from then on always. */
  append(records: readonly LogRecord[]): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
      if (!this.#isDraining) this.#draining = this.#drain();
    });
  }

  /** Waits for what has been appended. */
  async close(): Promise<void> {
    await this.#draining;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch);
        for (const append of batch) append.resolve();
        await this.#compact(batch.flatMap(({ records }) => records));
      } catch (error) {
        this.#fail(batch, error);
      }
    }
    this.#isDraining = false;
  }

  async #write(batch: readonly PendingAppend[]): Promise<void> {
    const bytes = concatBytes(...batch.flatMap(({ records }) => encodeAppend(this.#salt, records)));
    await this.#file.write(bytes, this.#bytes);
    if (this.#durability === 'synced') await this.#file.sync();
    this.#bytes += bytes.length;
  }

  async #compact(synced: readonly LogRecord[]): Promise<void> {
    const kept = this.#afterSync(synced, this.#bytes);
    if (kept === null) return;
    const salt = this.#medium.randomBytes(SALT_BYTES);
    const bytes = render(salt, kept);
    await replaceFile(this.#medium, this.#path, bytes);
    await this.#file.close();
    this.#file = await this.#medium.disk.open(this.#path);
    this.#salt = salt;
    this.#bytes = bytes.length;
  }

  #fail(batch: readonly PendingAppend[], cause: unknown): void {
    const failure = storageFailure(`write ${this.#path}`, { cause });
    this.#failure = failure;
    for (const append of [...batch, ...this.#waiting]) append.reject(failure);
    this.#waiting = [];
  }
}
