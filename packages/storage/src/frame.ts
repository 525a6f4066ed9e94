/**
 * The form of one log record: `length ‖ type ‖ payload ‖ crc32c`, length (of the payload) and checksum 4 bytes
 * big-endian, type 1 byte. The type's top bit says that the append goes on with the next record: an append counts as a
 * whole or not at all. The checksum runs over the file's salt and everything before it, so that bytes which somebody
 * else chose (a block's call data) cannot pass for a record.
 */
import { assert, crc32c } from '@heddle/primitives';
import { MAX_RECORD_BYTES } from './limits.ts';

export interface LogRecord {
  /** 1 … 127; its meaning belongs to the log's owner. */
  readonly type: number;
  readonly payload: Uint8Array;
}

const HEAD_BYTES = 5;
const CHECKSUM_BYTES = 4;
const GOES_ON = 0x80;

/** Bytes of a frame beside its payload. */
export const FRAME_OVERHEAD_BYTES: number = HEAD_BYTES + CHECKSUM_BYTES;

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/** The bytes of one record in a file with this salt; `goesOn` unless it is the last of its append. */
export function encodeFrame(salt: Uint8Array, record: LogRecord, goesOn: boolean): Uint8Array {
  assert(record.type > 0 && record.type < GOES_ON, 'a record type is 1 … 127');
  const body = HEAD_BYTES + record.payload.length;
  const frame = new Uint8Array(body + CHECKSUM_BYTES);
  writeUint32(frame, 0, record.payload.length);
  frame[4] = goesOn ? record.type | GOES_ON : record.type;
  frame.set(record.payload, HEAD_BYTES);
  writeUint32(frame, body, crc32c(frame.subarray(0, body), crc32c(salt)));
  return frame;
}

/** The record at `offset` and where it ends; `null` when there is no whole, sound one. */
export function decodeFrame(
  salt: Uint8Array,
  bytes: Uint8Array,
  offset: number,
): { readonly record: LogRecord; readonly goesOn: boolean; readonly end: number } | null {
  if (offset + FRAME_OVERHEAD_BYTES > bytes.length) return null;
  const length = readUint32(bytes, offset);
  const mark = bytes[offset + 4] ?? 0;
  const type = mark & ~GOES_ON;
  const body = offset + HEAD_BYTES + length;
  if (type === 0 || length > MAX_RECORD_BYTES || body + CHECKSUM_BYTES > bytes.length) return null;
  if (readUint32(bytes, body) !== crc32c(bytes.subarray(offset, body), crc32c(salt))) return null;
  const record = { type, payload: bytes.slice(offset + HEAD_BYTES, body) };
  return { record, goesOn: (mark & GOES_ON) !== 0, end: body + CHECKSUM_BYTES };
}
