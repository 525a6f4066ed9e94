import { ExposedFileError, FileTooLargeError, LockHeldError, systemErrorCode } from '@heddle/files';
import { KeyFileError, WeakPasswordError, WrongPasswordError } from '@heddle/keys';
import { errorMessage, KeysError } from '../errors.ts';

/** What the user can do something about, as a `KeysError`; anything else as it is. */
export function keysError(error: unknown): unknown {
  const isAboutKeys =
    error instanceof KeyFileError ||
    error instanceof WrongPasswordError ||
    error instanceof WeakPasswordError ||
    error instanceof ExposedFileError ||
    error instanceof FileTooLargeError ||
    error instanceof LockHeldError ||
    /^E[A-Z]+$/.test(systemErrorCode(error) ?? '');
  return isAboutKeys ? new KeysError(errorMessage(error)) : error;
}

/** Runs what reads or writes keys. Rejects with `KeysError` for what the user can do something about. */
export async function withKeys<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw keysError(error);
  }
}
