import { bigintToBytes, bytesToBigint } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';

export const WORD_MASK: bigint = 2n ** 256n - 1n;
export const SIGN_BIT: bigint = 2n ** 255n;
const ADDRESS_MASK = 2n ** 160n - 1n;

/** The low 20 bytes of a word. */
export function wordToAddress(word: bigint): Address {
  return `0x${(word & ADDRESS_MASK).toString(16).padStart(40, '0')}`;
}

/** The word as 32-byte hex. */
export function wordToHash(word: bigint): Hash {
  return `0x${word.toString(16).padStart(64, '0')}`;
}

/** Big-endian; at most 32 bytes, shorter ones are the low bytes. */
export function bytesToWord(bytes: Uint8Array): bigint {
  return bytesToBigint(bytes);
}

/** 32 bytes, big-endian. */
export function wordToBytes(word: bigint): Uint8Array {
  return bigintToBytes(word, 32);
}

export function writeWord(view: DataView, at: number, word: bigint): void {
  view.setBigUint64(at, word >> 192n);
  view.setBigUint64(at + 8, BigInt.asUintN(64, word >> 128n));
  view.setBigUint64(at + 16, BigInt.asUintN(64, word >> 64n));
  view.setBigUint64(at + 24, BigInt.asUintN(64, word));
}

export function readWord(view: DataView, at: number): bigint {
  const high = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
  const low = (view.getBigUint64(at + 16) << 64n) | view.getBigUint64(at + 24);
  return (high << 128n) | low;
}

/** `length` bytes of `source` from `offset`, zeros beyond its end; any word may be the offset. */
export function sliceZeroPadded(source: Uint8Array, offset: bigint, length: number): Uint8Array {
  const slice = new Uint8Array(length);
  if (offset < BigInt(source.length)) {
    const from = Number(offset);
    slice.set(source.subarray(from, Math.min(source.length, from + length)));
  }
  return slice;
}
