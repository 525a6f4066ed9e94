/** Another process has the data directory open. */
export class DataDirectoryLockedError extends Error {
  readonly code = 'DATA_DIRECTORY_LOCKED';
  readonly directory: string;

  constructor(directory: string, options: ErrorOptions) {
    super(`${directory} is in use by another process; stop that one or use another data directory`, options);
    this.name = 'DataDirectoryLockedError';
    this.directory = directory;
  }
}

/** The data directory was started with another genesis. */
export class DataDirectoryMismatchError extends Error {
  readonly code = 'DATA_DIRECTORY_MISMATCH';
  readonly directory: string;
  /** Each names a key of the genesis with the stored and the asked value. */
  readonly differences: readonly string[];

  constructor(directory: string, differences: readonly string[]) {
    const what = differences.join('; ');
    super(`${directory} belongs to another chain: ${what}. Start with the same settings, or with --reset to erase it`);
    this.name = 'DataDirectoryMismatchError';
    this.directory = directory;
    this.differences = differences;
  }
}

/** The data directory has a format that this version does not read. */
export class DataDirectoryVersionError extends Error {
  readonly code = 'DATA_DIRECTORY_VERSION';
  readonly directory: string;
  /** `null` when the directory holds something that is no chain of this program. */
  readonly found: bigint | null;
  readonly expected: bigint;

  constructor(directory: string, found: bigint | null, expected: bigint) {
    const what = found === null ? 'holds no chain of this program' : `has format ${found}`;
    const by = found !== null && found < expected ? ', written by an older version of this program' : '';
    super(
      `${directory} ${what}${by}, and this version reads format ${expected}; use the version that wrote it, or --reset to erase it`,
    );
    this.name = 'DataDirectoryVersionError';
    this.directory = directory;
    this.found = found;
    this.expected = expected;
  }
}

/** A final block was committed that is not the successor of the head. */
export class OutOfOrderCommitError extends Error {
  readonly code = 'OUT_OF_ORDER_COMMIT';
  readonly head: bigint;
  readonly height: bigint;

  constructor(head: bigint, height: bigint, reason: string) {
    super(`block ${height} cannot be committed on head ${head}: ${reason}; commit blocks one by one in height order`);
    this.name = 'OutOfOrderCommitError';
    this.head = head;
    this.height = height;
  }
}

/** Reading or writing failed below this package (disk full, I/O error, corruption). Fatal: the process must end. */
export class StorageFailureError extends Error {
  readonly code = 'STORAGE_FAILURE';
  readonly operation: string;

  constructor(operation: string, options: ErrorOptions) {
    const cause = options.cause instanceof Error ? `: ${options.cause.message}` : '';
    super(
      `storage failed to ${operation}${cause}; nothing can be signed or committed any more, check the disk`,
      options,
    );
    this.name = 'StorageFailureError';
    this.operation = operation;
  }
}

/**
 * The database of one validator's chain is damaged: bytes on the disk have changed. Nothing that it says is to be believed,
 * and nothing in it is worth mending: the other validators have it all.
 */
export class StorageDamagedError extends Error {
  readonly code = 'STORAGE_DAMAGED';
  /** The folder to remove. */
  readonly folder: string;
  readonly what: string;

  constructor(folder: string, what: string) {
    super(
      `the database ${folder} is damaged (${what}), so it is not read any more. Stop, remove that folder and start again: ` +
        'the chain is fetched from the other validators. Leave signer and journal beside it where they are',
    );
    this.name = 'StorageDamagedError';
    this.folder = folder;
    this.what = what;
  }
}

/** A log is damaged before its tail. The message ends with what its owner says to do about it. */
export class JournalCorruptError extends Error {
  readonly code = 'JOURNAL_CORRUPT';
  readonly path: string;
  /** Byte offset of the first record that cannot be read. */
  readonly offset: number;
  readonly reason: string;

  constructor(path: string, offset: number, reason: string, wayOut: string) {
    super(`${path} is damaged at byte ${offset} (${reason}). ${wayOut}`);
    this.name = 'JournalCorruptError';
    this.path = path;
    this.offset = offset;
    this.reason = reason;
  }
}

/** A stored value does not decode: another program wrote it, or the database is damaged. */
export class CorruptRecordError extends Error {
  readonly code = 'CORRUPT_RECORD';
  readonly what: string;

  constructor(what: string) {
    super(`a stored ${what} cannot be read; the database is damaged, restore it or start again with --reset`);
    this.name = 'CorruptRecordError';
    this.what = what;
  }
}

/** A validator's directory has no signer database: there is nothing to export. */
export class SignerMissingError extends Error {
  readonly code = 'SIGNER_MISSING';
  readonly directory: string;

  constructor(directory: string) {
    super(`${directory} has no signer database; the validator never ran there, or the database was lost`);
    this.name = 'SignerMissingError';
    this.directory = directory;
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
