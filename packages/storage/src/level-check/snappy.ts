/** Decompresses a raw Snappy block, as LevelDB's tables have them; null when it is none. */

import { MAX_SNAPPY_BYTES } from '../limits.ts';
import { ByteReader } from './byte-reader.ts';

export function decompressSnappy(bytes: Uint8Array): Uint8Array | null {
  const reader = new ByteReader(bytes);
  const length = reader.varint();
  if (length === null || length > MAX_SNAPPY_BYTES) return null;
  const out = new Uint8Array(length);
  let at = 0;
  while (!reader.isAtEnd) {
    const tag = byte(reader);
    if (tag === null) return null;
    const end = (tag & 3) === 0 ? copyLiteral(reader, tag, out, at) : copyBack(reader, tag, out, at);
    if (end === null) return null;
    at = end;
  }
  return at === length ? out : null;
}

function byte(reader: ByteReader): number | null {
  return reader.bytes(1)?.[0] ?? null;
}

/** A number of `width` bytes, the lowest first. */
function number(reader: ByteReader, width: number): number | null {
  const bytes = reader.bytes(width);
  return bytes === null ? null : bytes.reduceRight((sum, each) => sum * 256 + each, 0);
}

/** Returns where what has been written ends; null when it does not fit. */
function copyLiteral(reader: ByteReader, tag: number, out: Uint8Array, at: number): number | null {
  const short = tag >>> 2;
  const less = short < 60 ? short : number(reader, short - 59);
  const literal = less === null ? null : reader.bytes(less + 1);
  if (literal === null || at + literal.length > out.length) return null;
  out.set(literal, at);
  return at + literal.length;
}

/** Copies may overlap what they write. */
function copyBack(reader: ByteReader, tag: number, out: Uint8Array, at: number): number | null {
  const isShort = (tag & 3) === 1;
  const length = isShort ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
  const low = number(reader, isShort ? 1 : (tag & 3) * 2 - 2);
  if (low === null) return null;
  const offset = isShort ? low + ((tag >>> 5) << 8) : low;
  if (offset === 0 || offset > at || at + length > out.length) return null;
  for (let i = at; i < at + length; i++) out[i] = out[i - offset] ?? 0;
  return at + length;
}
