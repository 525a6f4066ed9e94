/**
 * LevelDB's log files (its journal and its manifest): blocks of 32 KiB with fragments `crc ‖ length ‖ type ‖ data`.
 * LevelDB passes over what does not read, and with it over whole batches, without a word.
 */
import { crc32c } from '@heddle/primitives';
import { uint32, unmasked } from './byte-reader.ts';

const BLOCK_BYTES = 32_768;
const HEAD_BYTES = 7;

/** A fragment that is a whole record, or the first, a middle or the last of several. */
const TYPES = { full: 1, first: 2, middle: 3, last: 4 } as const;

interface Fragment {
  readonly type: number;
  readonly data: Uint8Array;
  readonly end: number;
}

export interface LogContents {
  /** Whole records up to the first fragment that does not read. */
  readonly records: readonly Uint8Array[];
  /** Where a fragment does not read although sound ones follow; null for a sound file, a torn tail included. */
  readonly damagedAt: number | null;
}

export function readLogFile(bytes: Uint8Array): LogContents {
  const records: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    at = skipTrailer(at);
    const fragment = fragmentAt(bytes, at);
    if (fragment === null) return { records, damagedAt: hasSoundFragment(bytes, at + 1) ? at : null };
    if (fragment.type === TYPES.full || fragment.type === TYPES.first) parts = [];
    parts.push(fragment.data);
    if (fragment.type === TYPES.full || fragment.type === TYPES.last) records.push(joined(parts));
    at = fragment.end;
  }
}

/** What is too short for a head at the end of a block is not used. */
function skipTrailer(at: number): number {
  const left = BLOCK_BYTES - (at % BLOCK_BYTES);
  return left < HEAD_BYTES ? at + left : at;
}

/** The sound fragment at `at`; null if there is none. */
function fragmentAt(bytes: Uint8Array, at: number): Fragment | null {
  const data = at + HEAD_BYTES;
  if (data > bytes.length) return null;
  const length = (bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8);
  const type = bytes[at + 6] ?? 0;
  const end = data + length;
  const blockEnd = at - (at % BLOCK_BYTES) + BLOCK_BYTES;
  if (type < TYPES.full || type > TYPES.last || end > bytes.length || end > blockEnd) return null;
  if (unmasked(uint32(bytes, at)) !== crc32c(bytes.subarray(at + 6, end))) return null;
  return { type, data: bytes.subarray(data, end), end };
}

/** Looked for at every byte: with a damaged length nobody knows where the next one begins. */
function hasSoundFragment(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at + HEAD_BYTES <= bytes.length; at++) if (fragmentAt(bytes, at) !== null) return true;
  return false;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
