import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { ExposedFileError, FileTooLargeError } from './errors.ts';

/** Bits of a mode that let anybody but the owner in. */
const OTHERS = 0o077;

/** The bytes of a file of at most `mostBytes`. Throws `FileTooLargeError` and Node's errors. */
export function readBounded(path: string, mostBytes: number): Uint8Array {
  return read(path, mostBytes, false);
}

/** As `readBounded`, of a file that nobody else may read. Throws `ExposedFileError`, too. */
export function readSecret(path: string, mostBytes: number): Uint8Array {
  return read(path, mostBytes, true);
}

/** Looks at the very file that is read: a name may change what it means in between. */
function read(path: string, mostBytes: number, isSecret: boolean): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const { size, mode } = fstatSync(file);
    if (isSecret && process.platform !== 'win32' && (mode & OTHERS) !== 0) throw new ExposedFileError(path);
    if (size > mostBytes) throw new FileTooLargeError(path, size, mostBytes);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
