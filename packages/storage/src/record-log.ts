/**
 * An append-only file of checksummed records. Appends that wait while one is being synced go out together with one
 * write and one fdatasync. The first I/O error is final: what the disk holds after a failed sync is unknown.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assert, bigintToBytes, concatBytes, crc32c, equalBytes, utf8ToBytes } from '@heddle/primitives';
import { errorCode, JournalCorruptError, StorageFailureError } from './errors.ts';
import { decodeFrame, encodeFrame, type LogRecord } from './frame.ts';

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
 * Called with the records of each synced batch, in order, and the file's length then. Returns the records that the
 * file is to hold from now on, or `null` to leave it as it is.
 */
export type AfterSync = (synced: readonly LogRecord[], fileBytes: number) => readonly LogRecord[] | null;

interface PendingAppend {
  readonly records: readonly LogRecord[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Makes a created or renamed file's name durable. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a whole log beside `path`, syncs it and puts it in place. A crash leaves the old file or the new one. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

async function readExisting(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

interface Contents {
  readonly salt: Uint8Array;
  readonly records: readonly LogRecord[];
  /** Length of the sound part. */
  readonly end: number;
}

/**
 * Reads all records. What does not read is a torn tail if no sound record follows it: an append that was cut off and
 * never acknowledged. If one follows, the file is damaged; throws `JournalCorruptError`.
 */
function parse(path: string, bytes: Uint8Array): Contents {
  const salt = bytes.slice(MAGIC.length, MAGIC.length + SALT_BYTES);
  if (!equalBytes(bytes.subarray(0, HEADER_BYTES), header(salt))) {
    throw new JournalCorruptError(path, 0, 'it does not start as a log of this program');
  }
  const records: LogRecord[] = [];
  let end = HEADER_BYTES;
  for (let frame = decodeFrame(salt, bytes, end); frame !== null; frame = decodeFrame(salt, bytes, end)) {
    records.push(frame.record);
    end = frame.end;
  }
  for (let offset = end + 1; offset < bytes.length; offset++) {
    if (decodeFrame(salt, bytes, offset) !== null) {
      throw new JournalCorruptError(path, end, `a sound record follows at byte ${offset}`);
    }
  }
  return { salt, records, end };
}

function render(salt: Uint8Array, records: readonly LogRecord[]): Uint8Array {
  return concatBytes(header(salt), ...records.map((record) => encodeFrame(salt, record)));
}

export class RecordLog {
  readonly #path: string;
  #salt: Uint8Array;
  #handle: FileHandle;
  #bytes: number;
  #waiting: PendingAppend[] = [];
  #draining: Promise<void> = Promise.resolve();
  #isDraining = false;
  #failure: StorageFailureError | null = null;
  readonly #afterSync: AfterSync;

  private constructor(path: string, contents: Contents, handle: FileHandle, afterSync: AfterSync) {
    this.#path = path;
    this.#salt = contents.salt;
    this.#handle = handle;
    this.#bytes = contents.end;
    this.#afterSync = afterSync;
  }

  /**
   * Opens or creates the log at `path`, cutting off a torn tail. Throws `JournalCorruptError`, and
   * `StorageFailureError` when the disk fails.
   */
  static async open(
    path: string,
    afterSync: AfterSync,
  ): Promise<{ readonly log: RecordLog; readonly records: readonly LogRecord[] }> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await rm(`${path}.new`, { force: true });
      let bytes = await readExisting(path);
      if (bytes === null) {
        bytes = render(randomBytes(SALT_BYTES), []);
        await replaceFile(path, bytes);
        await syncDirectory(dirname(dirname(path)));
      }
      const contents = parse(path, bytes);
      const handle = await open(path, 'r+');
      if (contents.end < bytes.length) {
        await handle.truncate(contents.end);
        await handle.sync();
      }
      return { log: new RecordLog(path, contents, handle, afterSync), records: contents.records };
    } catch (error) {
      if (error instanceof JournalCorruptError) throw error;
      throw new StorageFailureError(`open ${path}`, { cause: error });
    }
  }

  /** Resolves when all records are on stable storage. Throws `StorageFailureError`, from then on always. */
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
    await this.#handle.close();
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const records = batch.flatMap((append) => append.records);
        await this.#write(records);
        for (const append of batch) append.resolve();
        await this.#compact(records);
      } catch (error) {
        this.#fail(batch, error);
      }
    }
    this.#isDraining = false;
  }

  async #write(records: readonly LogRecord[]): Promise<void> {
    const bytes = concatBytes(...records.map((record) => encodeFrame(this.#salt, record)));
    for (let written = 0; written < bytes.length; ) {
      const rest = bytes.length - written;
      const result = await this.#handle.write(bytes, written, rest, this.#bytes + written);
      assert(result.bytesWritten > 0, 'a write makes progress or fails');
      written += result.bytesWritten;
    }
    await this.#handle.datasync();
    this.#bytes += bytes.length;
  }

  async #compact(synced: readonly LogRecord[]): Promise<void> {
    const kept = this.#afterSync(synced, this.#bytes);
    if (kept === null) return;
    const salt = randomBytes(SALT_BYTES);
    const bytes = render(salt, kept);
    await replaceFile(this.#path, bytes);
    await this.#handle.close();
    this.#handle = await open(this.#path, 'r+');
    this.#salt = salt;
    this.#bytes = bytes.length;
  }

  #fail(batch: readonly PendingAppend[], cause: unknown): void {
    const failure = new StorageFailureError(`write ${this.#path}`, { cause });
    this.#failure = failure;
    for (const append of [...batch, ...this.#waiting]) append.reject(failure);
    this.#waiting = [];
  }
}
