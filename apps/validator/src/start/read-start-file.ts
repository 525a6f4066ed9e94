import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { errorMessage, UsageError } from '../errors.ts';
import { MAX_STATE_FILE_BYTES } from '../limits.ts';

/** Bytes of a file that a flag names, inflated if they are gzip's. Throws `UsageError`. */
export function readStartFile(flag: string, path: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (size > MAX_STATE_FILE_BYTES) throw new UsageError(flag, `${path} has ${size} bytes, more than any state here`);
    const bytes = readFileSync(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b
      ? gunzipSync(bytes, { maxOutputLength: MAX_STATE_FILE_BYTES })
      : bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(flag, `${path} cannot be read: ${errorMessage(error)}`);
  }
}

/** JSON of a file; null for what is none. */
export function parseJsonBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
