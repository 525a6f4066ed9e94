import { ImpossibleStateError } from './assert.ts';
import { bigintToBytes, bytesToBigint, EMPTY_BYTES } from './bytes.ts';
import { InvalidRlpError } from './errors.ts';
import { keccak256 } from './keccak.ts';
import { MAX_RLP_DEPTH, RLP_SCRATCH_BYTES } from './limits.ts';

/** A byte string or a list of items (Ethereum Yellow Paper, appendix B). */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** What `encodeRlp` takes: an item, parts of which may have been encoded before. */
export type RlpInput = Uint8Array | EncodedRlp | readonly RlpInput[];

/** An item in its encoded form, made once and put into others as it is. */
export class EncodedRlp {
  /** Read only: shared by everything that holds this item. */
  readonly bytes: Uint8Array;

  constructor(item: RlpInput) {
    this.bytes = encodeRlp(item);
  }
}

/** First byte of an empty string; a single byte below it stands for itself. */
const SHORT_STRING = 0x80;
const LONG_STRING = 0xb7;
const SHORT_LIST = 0xc0;
const LONG_LIST = 0xf7;
/** Longest payload whose length fits into the first byte. */
const MAX_SHORT = 55;
/** Up to this length bytes are copied one by one. */
const MAX_LOOPED = 8;

/** Of single calls: allocating takes longer than encoding. */
const scratch = new Uint8Array(RLP_SCRATCH_BYTES);

/** The one RLP encoding of `item`. Throws ImpossibleStateError for lists nested deeper than MAX_RLP_DEPTH. */
export function encodeRlp(item: RlpInput): Uint8Array {
  return encodeInto(item, (length) => new Uint8Array(length));
}

/** keccak256 of the encoding of `item`, which nothing else needs: 32 bytes, the caller's own. Throws as `encodeRlp`. */
export function keccak256OfRlp(item: RlpInput): Uint8Array {
  return keccak256(
    encodeInto(item, (length) => (length > scratch.length ? new Uint8Array(length) : scratch.subarray(0, length))),
  );
}

function encodeInto(item: RlpInput, allocate: (length: number) => Uint8Array): Uint8Array {
  const payloads: number[] = [];
  const out = allocate(measure(item, payloads, 0));
  write(item, payloads, { out, offset: 0, list: 0 });
  return out;
}

/** Length of the encoding; `payloads` gets the payload length of every list, in the order in which `write` meets them. */
function measure(item: RlpInput, payloads: number[], depth: number): number {
  if (item instanceof Uint8Array) {
    const isOwnEncoding = item.length === 1 && (item[0] ?? 0) < SHORT_STRING;
    return isOwnEncoding ? 1 : headLength(item.length) + item.length;
  }
  if (item instanceof EncodedRlp) return item.bytes.length;
  if (depth >= MAX_RLP_DEPTH) throw new ImpossibleStateError(`lists nest at most ${MAX_RLP_DEPTH} deep`);
  const slot = payloads.push(0) - 1;
  let payload = 0;
  for (const child of item) payload += measure(child, payloads, depth + 1);
  payloads[slot] = payload;
  return headLength(payload) + payload;
}

function headLength(payload: number): number {
  if (payload <= MAX_SHORT) return 1;
  let length = 1;
  for (let rest = payload; rest > 0; rest = Math.floor(rest / 256)) length += 1;
  return length;
}

interface Writer {
  readonly out: Uint8Array;
  offset: number;
  /** Index of the next list's payload length. */
  list: number;
}

function write(item: RlpInput, payloads: readonly number[], writer: Writer): void {
  if (item instanceof Uint8Array) {
    const isOwnEncoding = item.length === 1 && (item[0] ?? 0) < SHORT_STRING;
    if (!isOwnEncoding) writeHead(item.length, SHORT_STRING, LONG_STRING, writer);
    return writeBytes(item, writer);
  }
  if (item instanceof EncodedRlp) return writeBytes(item.bytes, writer);
  writeHead(payloads[writer.list++] ?? 0, SHORT_LIST, LONG_LIST, writer);
  for (const child of item) write(child, payloads, writer);
}

function writeBytes(bytes: Uint8Array, writer: Writer): void {
  const { out, offset } = writer;
  // `set` costs a call into the engine, more than it takes to copy a quantity.
  if (bytes.length > MAX_LOOPED) out.set(bytes, offset);
  else for (let i = 0; i < bytes.length; i++) out[offset + i] = bytes[i] ?? 0;
  writer.offset = offset + bytes.length;
}

function writeHead(payload: number, short: number, long: number, writer: Writer): void {
  const { out } = writer;
  if (payload <= MAX_SHORT) {
    out[writer.offset++] = short + payload;
    return;
  }
  const digits = headLength(payload) - 1;
  out[writer.offset++] = long + digits;
  let rest = payload;
  for (let i = digits - 1; i >= 0; i--) {
    out[writer.offset + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  writer.offset += digits;
}

/**
 * The item that `bytes` encode. Strict: `encodeRlp` of the result gives `bytes` again. The strings of the result are
 * views into `bytes`, so whoever keeps them must own `bytes`. Throws InvalidRlpError.
 */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  // A plain view: subarrays of a Buffer would be Buffers, whose `slice` does not copy.
  const source =
    bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = readHead(source, 0, source.length);
  if (head.end !== source.length) {
    throw new InvalidRlpError(head.end, `${source.length - head.end} bytes follow the item`);
  }
  return readItem(source, head, 0);
}

interface Head {
  readonly isList: boolean;
  /** Offset of the payload's first byte. */
  readonly start: number;
  /** Offset behind the payload. */
  readonly end: number;
}

function readItem(source: Uint8Array, head: Head, depth: number): RlpItem {
  if (!head.isList) return source.subarray(head.start, head.end);
  if (depth >= MAX_RLP_DEPTH) throw new InvalidRlpError(head.start, `lists nest more than ${MAX_RLP_DEPTH} deep`);
  const items: RlpItem[] = [];
  let offset = head.start;
  while (offset < head.end) {
    const child = readHead(source, offset, head.end);
    items.push(readItem(source, child, depth + 1));
    offset = child.end;
  }
  return items;
}

/** The head of the item at `offset`, which must end at or before `limit`. */
function readHead(source: Uint8Array, offset: number, limit: number): Head {
  if (offset >= limit) throw new InvalidRlpError(offset, 'an item is missing');
  const first = source[offset] ?? 0;
  if (first < SHORT_STRING) return { isList: false, start: offset, end: offset + 1 };
  const isList = first >= SHORT_LIST;
  const short = isList ? SHORT_LIST : SHORT_STRING;
  if (first - short > MAX_SHORT) return readLongHead(source, offset, limit, isList);
  const start = offset + 1;
  const end = start + (first - short);
  if (end > limit) throw new InvalidRlpError(offset, 'the item is longer than what is there');
  if (!isList && end - start === 1 && (source[start] ?? 0) < SHORT_STRING) {
    throw new InvalidRlpError(offset, 'a single byte below 0x80 stands for itself, without a length');
  }
  return { isList, start, end };
}

function readLongHead(source: Uint8Array, offset: number, limit: number, isList: boolean): Head {
  const digits = (source[offset] ?? 0) - (isList ? LONG_LIST : LONG_STRING);
  const start = offset + 1 + digits;
  if (start > limit) throw new InvalidRlpError(offset, 'the length of the item is cut off');
  if (source[offset + 1] === 0) throw new InvalidRlpError(offset, 'the length has a leading zero');
  let payload = 0;
  // Beyond 2^53 the sum is inexact, but then far above any limit all the same.
  for (let i = offset + 1; i < start; i++) payload = payload * 256 + (source[i] ?? 0);
  if (payload <= MAX_SHORT) throw new InvalidRlpError(offset, 'the length fits into the first byte');
  if (payload > limit - start) throw new InvalidRlpError(offset, 'the item is longer than what is there');
  return { isList, start, end: start + payload };
}

/**
 * Big-endian without leading zeros, 0 as no bytes: the form of every quantity inside RLP.
 * Throws ImpossibleStateError for a negative or fractional value.
 */
export function encodeUint(value: bigint | number): Uint8Array {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || value < 0) throw new ImpossibleStateError(`${value} is not a quantity`);
    return encodeNumber(value);
  }
  if (value < 0n) throw new ImpossibleStateError(`a quantity is not negative: ${value}`);
  if (value <= 0xffffffffffffn) return encodeNumber(Number(value));
  return bigintToBytes(value, byteLength(value));
}

/** Bytes of a value above 2^48. */
function byteLength(value: bigint): number {
  let length = 0;
  let rest = value;
  while (rest > 0xffffffffffffffffn) {
    rest >>= 64n;
    length += 8;
  }
  // Rounding to a double may carry into the next power of two, so the two halves are looked at apart.
  const high = Number(rest >> 32n);
  const bits = high === 0 ? 32 - Math.clz32(Number(rest)) : 64 - Math.clz32(high);
  return length + Math.ceil(bits / 8);
}

function encodeNumber(value: number): Uint8Array {
  if (value === 0) return EMPTY_BYTES;
  let length = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) length += 1;
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

/** Reads what `encodeUint` writes; null when the form is not minimal. */
export function decodeUint(bytes: Uint8Array): bigint | null {
  if (bytes[0] === 0) return null;
  return bytesToBigint(bytes);
}
