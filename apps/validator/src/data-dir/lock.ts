import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DataDirectoryError, systemErrorCode } from '../errors.ts';
import type { DataLayout } from './layout.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/** A data directory that this process has taken. */
export interface DirectoryLock {
  /** Whether the lock is still there, and this process's: nobody has removed the directory or taken it. */
  isHeld(): boolean;
  /** Idempotent. */
  release(): void;
}

/** Two starts may find the same dead lock; each round one of them gets further. */
const ATTEMPTS = 5;

/**
 * Takes the data directory for this process. A lock of a process that was killed is taken over.
 * Throws `DataDirectoryError` when another process has it.
 */
export function takeLock(layout: DataLayout): DirectoryLock {
  const own = JSON.stringify(identityOf(process.pid));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (createLock(layout, own)) return heldLock(layout, own);
    const text = readLock(layout);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder !== null && holder.pid !== process.pid && isRunning(holder)) {
      throw new DataDirectoryError(
        layout.directory,
        `in use by process ${holder.pid}; stop that one first, or give another folder`,
      );
    }
    removeDeadLock(layout, text);
  }
  throw new DataDirectoryError(layout.directory, 'another process is just taking it; try again');
}

function createLock(layout: DataLayout, own: string): boolean {
  try {
    writeFileSync(layout.lock, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readLock(layout: DataLayout): string | null {
  try {
    return readFileSync(layout.lock, 'utf8');
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
function removeDeadLock(layout: DataLayout, dead: string): void {
  const aside = `${layout.lock}.${process.pid}`;
  try {
    renameSync(layout.lock, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === dead) rmSync(aside);
  else renameSync(aside, layout.lock);
}

function heldLock(layout: DataLayout, own: string): DirectoryLock {
  const isHeld = (): boolean => readLock(layout) === own;
  return {
    isHeld,
    release: () => {
      if (isHeld()) rmSync(layout.lock, { force: true });
    },
  };
}
