import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { LockHeldError, systemErrorCode } from './errors.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A lock that this process has taken. */
export interface FileLock {
  /** Whether the lock is still there, and this process's: nobody has removed or taken it. */
  isHeld(): boolean;
  /** Idempotent. */
  release(): void;
}

/** Two starts may find the same dead lock; each round one of them gets further. */
const ATTEMPTS = 5;

/**
 * Takes the lock file for this process. A lock of a process that was killed is taken over. Throws `LockHeldError` when
 * another process has it.
 */
export function takeLock(path: string): FileLock {
  const own = JSON.stringify(identityOf(process.pid));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (createLock(path, own)) return heldLock(path, own);
    const text = readLock(path);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder !== null && holder.pid !== process.pid && isRunning(holder)) throw new LockHeldError(path, holder.pid);
    removeDeadLock(path, text);
  }
  throw new LockHeldError(path, null);
}

/** The process that holds the lock, looked at without taking it; null for none. */
export function lockHolder(path: string): number | null {
  const text = readLock(path);
  const holder = text === null ? null : parseHolder(text);
  return holder !== null && isRunning(holder) ? holder.pid : null;
}

function createLock(path: string, own: string): boolean {
  try {
    writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** null for a lock that was torn while it was written: its process died in between. */
function parseHolder(text: string): ProcessIdentity | null {
  try {
    const holder: unknown = JSON.parse(text);
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('startedAt' in holder)) return null;
    const { pid, startedAt } = holder;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
    return typeof startedAt === 'string' || startedAt === null ? { pid, startedAt } : null;
  } catch {
    return null;
  }
}

/** Moves it aside first: if it has become someone's live lock in the meantime, it is put back. */
function removeDeadLock(path: string, dead: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === dead) rmSync(aside);
  else renameSync(aside, path);
}

function heldLock(path: string, own: string): FileLock {
  const isHeld = (): boolean => readLock(path) === own;
  return {
    isHeld,
    release: () => {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}
