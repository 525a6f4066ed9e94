import { ImpossibleStateError } from './assert.ts';
import { bytesToHex } from './hex.ts';

/** No bytes. Shared: an array of length 0 cannot be written to. */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Bytes of a keccak256 or SHA-256 hash. */
export const HASH_BYTES = 32;

/** Bytes of an account's address. */
export const ADDRESS_BYTES = 20;

export const MAX_U64 = 0xffffffffffffffffn;
export const MAX_U256: bigint = (1n << 256n) - 1n;
/** Numbers up to here are exact as doubles, and work on doubles costs a fraction of that on bigints. */
const MAX_U48 = 0xffffffffffffn;

const WORD_BYTES = 32;
/** Scratch of single calls: asking a short array for its buffer makes the engine move it out of its heap first. */
const wordBytes: Uint8Array = new Uint8Array(WORD_BYTES);
const wordView: DataView = new DataView(wordBytes.buffer);

const encoder = new TextEncoder();

/** The parts one after the other, as a new array. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Same length and same content. Not constant-time: never compare secrets with it. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

/** Byte-wise, a prefix before what it is a prefix of: −1, 0 or 1. */
export function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a[i] ?? 0;
    const right = b[i] ?? 0;
    if (left !== right) return left < right ? -1 : 1;
  }
  if (a.length === b.length) return 0;
  return a.length < b.length ? -1 : 1;
}

/** Big-endian in exactly `length` bytes. Throws ImpossibleStateError for a negative value or one that does not fit. */
export function bigintToBytes(value: bigint, length: number): Uint8Array {
  if (value < 0n) throw new ImpossibleStateError(`a quantity is not negative: ${value}`);
  const bytes = new Uint8Array(length);
  if (value <= MAX_U48) {
    const rest = writeNumber(bytes, Number(value));
    if (rest !== 0) throw new ImpossibleStateError(`${value} does not fit ${length} bytes`);
    return bytes;
  }
  if (length === WORD_BYTES) {
    if (value >> 192n > MAX_U64) throw new ImpossibleStateError(`${value} does not fit 32 bytes`);
    for (let word = 3, rest = value; word >= 0; word--, rest >>= 64n) {
      wordView.setBigUint64(word * 8, BigInt.asUintN(64, rest));
    }
    bytes.set(wordBytes);
    return bytes;
  }
  const view = new DataView(bytes.buffer);
  let rest = value;
  let end = length;
  while (end >= 8) {
    end -= 8;
    view.setBigUint64(end, BigInt.asUintN(64, rest));
    rest >>= 64n;
  }
  while (end > 0) {
    end -= 1;
    bytes[end] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new ImpossibleStateError(`${value} does not fit ${length} bytes`);
  return bytes;
}

/** Big-endian at the end of `bytes`, which are zero; returns what does not fit. */
function writeNumber(bytes: Uint8Array, value: number): number {
  let rest = value;
  for (let i = bytes.length - 1; i >= 0 && rest > 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return rest;
}

/** Big-endian; no bytes are 0. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length <= 6) return BigInt(smallNumber(bytes));
  if (bytes.length <= WORD_BYTES) {
    if (bytes.length < WORD_BYTES) wordBytes.fill(0);
    wordBytes.set(bytes, WORD_BYTES - bytes.length);
    const high = (wordView.getBigUint64(0) << 64n) | wordView.getBigUint64(8);
    return (high << 128n) | (wordView.getBigUint64(16) << 64n) | wordView.getBigUint64(24);
  }
  return BigInt(bytesToHex(bytes));
}

/** At most six bytes: below 2^48, exact as a double. */
function smallNumber(bytes: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

export function utf8ToBytes(text: string): Uint8Array {
  return encoder.encode(text);
}
