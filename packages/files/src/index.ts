export { ExposedFileError, FileTooLargeError, LockHeldError, systemErrorCode } from './errors.ts';
export { makeFolder } from './folder.ts';
export { type FileLock, lockHolder, takeLock } from './lock.ts';
export { identityOf } from './process-identity.ts';
export { readBounded, readSecret } from './read-file.ts';
export { createDurably, syncDirectory, writeDurably } from './write-durably.ts';
