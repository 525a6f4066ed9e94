import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Private: what is written may hold a secret. */
const FILE_MODE = 0o600;

/** Replaces a file as a whole: after a crash there is the old content or the new one, never a part. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  const draft = writeDraft(path, content);
  renameSync(draft, path);
  syncDirectory(dirname(path));
}

/** Makes a file that is not there yet, as a whole. Throws Node's EEXIST, and has changed nothing, when it is there. */
export function createDurably(path: string, content: string | Uint8Array): void {
  const draft = writeDraft(`${path}.${process.pid}`, content);
  try {
    // Unlike a rename, a link replaces nothing.
    linkSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(path));
}

/** Makes what was created, renamed or removed in a folder survive a power loss. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeDraft(path: string, content: string | Uint8Array): string {
  const draft = `${path}.new`;
  // One that a killed process left may have another mode.
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', FILE_MODE);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}
