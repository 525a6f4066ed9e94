import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from './errors.ts';

/** Makes a private folder, with what is missing above it. Not Node's `recursive`, which never returns where nothing can be made (/proc/x). */
export function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeFolder(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it just now.
    if (systemErrorCode(error) !== 'EEXIST' || !existsSync(directory)) throw error;
  }
}
