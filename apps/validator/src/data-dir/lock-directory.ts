import { type FileLock, LockHeldError, takeLock } from '@heddle/files';
import { DataDirectoryError } from '../errors.ts';
import type { DataLayout } from './layout.ts';

/** Takes a data directory for this process. Throws `DataDirectoryError` when another process has it. */
export function lockDirectory({ directory, lock }: Pick<DataLayout, 'directory' | 'lock'>): FileLock {
  try {
    return takeLock(lock);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const { pid } = error.facts;
    throw new DataDirectoryError(
      directory,
      pid === null
        ? 'another process is just taking it; try again'
        : `in use by process ${pid}; stop that one first, or give another folder`,
    );
  }
}
