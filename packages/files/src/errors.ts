import { HeddleError } from '@heddle/primitives';

/** Another process holds the lock. */
export class LockHeldError extends HeddleError<{
  readonly path: string;
  /** Null while it is just being taken. */
  readonly pid: number | null;
}> {
  readonly code = 'LOCK_HELD';

  constructor(path: string, pid: number | null) {
    super(
      pid === null
        ? `${path}: another process is just taking it; try again`
        : `${path}: held by process ${pid}; stop that one first`,
      { path, pid },
    );
  }
}

/** A file with a secret that other users of the machine can read or change. */
export class ExposedFileError extends HeddleError<{ readonly path: string }> {
  readonly code = 'EXPOSED_FILE';

  constructor(path: string) {
    super(`${path} holds a secret and other users of this machine can read it: run chmod 600 ${path}`, { path });
  }
}

/** A file is larger than anything that can stand in it. */
export class FileTooLargeError extends HeddleError<{ readonly path: string; readonly bytes: number }> {
  readonly code = 'FILE_TOO_LARGE';

  constructor(path: string, bytes: number, most: number) {
    super(`${path} has ${bytes} bytes, more than the ${most} that can stand in it`, { path, bytes });
  }
}

/** Node's code of a system error, or null. By field, since errors of another realm are no instances of Error here. */
export function systemErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
