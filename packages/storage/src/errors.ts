import { HeddleError } from '@heddle/primitives';

/** The disk, or what stands on it, is not what a node can work with. The message tells its owner what to do. */
export abstract class StorageError<Facts extends object> extends HeddleError<Facts> {}

/** Another process has the data directory open. */
export class DataDirectoryLockedError extends StorageError<{
  readonly directory: string;
}> {
  readonly code = 'DATA_DIRECTORY_LOCKED';

  constructor(directory: string, options: ErrorOptions) {
    super(
      `${directory} is in use by another process; stop that one or use another data directory`,
      { directory },
      options,
    );
  }
}

/** The data directory was started with another genesis. */
export class DataDirectoryMismatchError extends StorageError<{
  readonly directory: string;
  /** Each names a key of the genesis with the stored and the asked value. */
  readonly differences: readonly string[];
}> {
  readonly code = 'DATA_DIRECTORY_MISMATCH';

  constructor(directory: string, differences: readonly string[]) {
    const what = differences.join('; ');
    super(`${directory} belongs to another chain: ${what}. Start with the same settings, or with --reset to erase it`, {
      directory,
      differences,
    });
  }
}

/** The data directory has a format that this version does not read. */
export class DataDirectoryVersionError extends StorageError<{
  readonly directory: string;
  /** `null` when the directory holds something that is no chain of this program. */
  readonly found: bigint | null;
  readonly expected: bigint;
}> {
  readonly code = 'DATA_DIRECTORY_VERSION';

  constructor(directory: string, found: bigint | null, expected: bigint) {
    const what = found === null ? 'holds no chain of this program' : `has format ${found}`;
    const by = found !== null && found < expected ? ', written by an older version of this program' : '';
    super(
      `${directory} ${what}${by}, and this version reads format ${expected}; use the version that wrote it, or --reset to erase it`,
      { directory, found, expected },
    );
  }
}

/** A final block was committed that is not the successor of the head. */
export class OutOfOrderCommitError extends HeddleError<{
  readonly head: bigint;
  readonly height: bigint;
}> {
  readonly code = 'OUT_OF_ORDER_COMMIT';

  constructor(head: bigint, height: bigint, reason: string) {
    super(`block ${height} cannot be committed on head ${head}: ${reason}; commit blocks one by one in height order`, {
      head,
      height,
    });
  }
}

/** Reading or writing failed below this package (disk full, I/O error, corruption). Fatal: the process must end. */
export class StorageFailureError extends StorageError<{
  readonly operation: string;
}> {
  readonly code: 'STORAGE_FAILURE' | 'DISK_FULL' = 'STORAGE_FAILURE';

  constructor(operation: string, options: ErrorOptions, message: string | null = null) {
    const cause = options.cause instanceof Error ? `: ${options.cause.message}` : '';
    super(
      message ?? `storage failed to ${operation}${cause}; nothing can be signed or committed any more, check the disk`,
      { operation },
      options,
    );
  }
}

/** There is no room for what has to be written. What was written before stands, and a start with more room goes on from there. */
export class DiskFullError extends StorageFailureError {
  override readonly code = 'DISK_FULL';

  constructor(operation: string, options: ErrorOptions) {
    const message = `the disk is full: there is no room to ${operation}. Nothing is lost or damaged; make room, then start again`;
    super(operation, options, message);
  }
}

/** What failed below, as the error that says what to do. */
export function storageFailure(operation: string, options: ErrorOptions): StorageFailureError {
  return isDiskFull(options.cause)
    ? new DiskFullError(operation, options)
    : new StorageFailureError(operation, options);
}

/** Whether a lack of room is behind it. LevelDB tells of it by its text alone. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error; typeof at === 'object' && at !== null; at = Reflect.get(at, 'cause')) {
    if (/^(?:ENOSPC|EDQUOT|DISK_FULL)$/.test(errorCode(at))) return true;
    if (/No space left on device|Disk quota exceeded/.test(textOf(at, 'message'))) return true;
  }
  return false;
}

/**
 * The database of one validator's chain is damaged: bytes on the disk have changed. Nothing that it says is to be believed,
 * and nothing in it is worth mending: the other validators have it all.
 */
export class StorageDamagedError extends StorageError<{
  /** The folder to remove. */
  readonly folder: string;
  readonly what: string;
}> {
  readonly code = 'STORAGE_DAMAGED';

  constructor(folder: string, what: string) {
    super(
      `the database ${folder} is damaged (${what}), so it is not read any more. Stop, remove that folder and start again: ` +
        'the chain is fetched from the other validators. Leave signer and journal beside it where they are',
      { folder, what },
    );
  }
}

/** A log is damaged before its tail. The message ends with what its owner says to do about it. */
export class JournalCorruptError extends StorageError<{
  readonly path: string;
  /** Byte offset of the first record that cannot be read. */
  readonly offset: number;
  readonly reason: string;
}> {
  readonly code = 'JOURNAL_CORRUPT';

  constructor(path: string, offset: number, reason: string, wayOut: string) {
    super(`${path} is damaged at byte ${offset} (${reason}). ${wayOut}`, { path, offset, reason });
  }
}

/** A stored value does not decode: another program wrote it, or the database is damaged. */
export class CorruptRecordError extends StorageError<{
  readonly what: string;
}> {
  readonly code = 'CORRUPT_RECORD';

  constructor(what: string) {
    super(`a stored ${what} cannot be read; the database is damaged, restore it or start again with --reset`, { what });
  }
}

/** A dump of a chain that this network cannot take over. Nothing has been changed. */
export class ChainImageError extends StorageError<{
  readonly reason: string;
}> {
  readonly code = 'CHAIN_IMAGE';

  constructor(reason: string, wayOut: string) {
    super(`this dump cannot be loaded: ${reason}; ${wayOut}`, { reason });
  }
}

/** The chain has more bytes than a dump may have. */
export class ChainTooLargeError extends StorageError<{
  readonly bytes: number;
  readonly maximum: number;
}> {
  readonly code = 'CHAIN_TOO_LARGE';

  constructor(bytes: number, maximum: number) {
    super(
      `the chain has more than ${bytes} bytes, and a dump holds ${maximum} at most; stop the network and copy its data directory instead`,
      { bytes, maximum },
    );
  }
}

/** A validator's directory has no signer database: there is nothing to export. */
export class SignerMissingError extends StorageError<{
  readonly directory: string;
}> {
  readonly code = 'SIGNER_MISSING';

  constructor(directory: string) {
    super(`${directory} has no signer database; the validator never ran there, or the database was lost`, {
      directory,
    });
  }
}

/** A text property of what Node or level threw; '' where there is none. Their errors may be of another realm's class. */
function textOf(error: unknown, name: 'code' | 'message'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/** The `code` that Node and level put on their errors; '' where there is none. */
export function errorCode(error: unknown): string {
  return textOf(error, 'code');
}

/** What lies behind level's own error, or the error itself. */
export function rootCause(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  return Reflect.get(error, 'cause') ?? error;
}
