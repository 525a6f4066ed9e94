import { ImpossibleStateError } from './assert.ts';
import { bytesToHex } from './hex.ts';

/** No bytes. Shared: an array of length 0 cannot be written to. */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

const MAX_U64 = 0xffffffffffffffffn;

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
  const view = new DataView(bytes.buffer);
  if (length === 32) {
    const first = value >> 192n;
    if (first > MAX_U64) throw new ImpossibleStateError(`${value} does not fit 32 bytes`);
    view.setBigUint64(0, first);
    view.setBigUint64(8, BigInt.asUintN(64, value >> 128n));
    view.setBigUint64(16, BigInt.asUintN(64, value >> 64n));
    view.setBigUint64(24, BigInt.asUintN(64, value));
    return bytes;
  }
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

/** Big-endian; no bytes are 0. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  if (bytes.length <= 6) return BigInt(smallNumber(bytes));
  if (bytes.length === 32) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
    const high = (view.getBigUint64(0) << 64n) | view.getBigUint64(8);
    return (high << 128n) | (view.getBigUint64(16) << 64n) | view.getBigUint64(24);
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
