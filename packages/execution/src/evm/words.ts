import { bigintToBytes, bytesToBigint } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { WordTextCache } from './word-text-cache.ts';

export const WORD_MASK: bigint = 2n ** 256n - 1n;
export const WORD_MODULUS: bigint = 2n ** 256n;
export const SIGN_BIT: bigint = 2n ** 255n;
const ADDRESS_MASK = 2n ** 160n - 1n;
const LOW_MASK = 2n ** 64n - 1n;

/** The word as a number from −2^255 to 2^255 − 1. */
export function wordToSigned(word: bigint): bigint {
  return word >= SIGN_BIT ? word - WORD_MODULUS : word;
}

/** The reverse of `wordToSigned`. */
export function signedToWord(signed: bigint): bigint {
  return signed < 0n ? signed + WORD_MODULUS : signed;
}

const addresses: WordTextCache = new WordTextCache(
  (word) => `0x${(word & ADDRESS_MASK).toString(16).padStart(40, '0')}`,
);
const hashes: WordTextCache = new WordTextCache((word) => `0x${word.toString(16).padStart(64, '0')}`);

/** The low 20 bytes of a word. */
export function wordToAddress(word: bigint): Address {
  return addresses.text(word);
}

const ADDRESS_PLACES = 256;
const knownAddresses: Address[] = new Array<Address>(ADDRESS_PLACES).fill('0x');
const knownWords: bigint[] = new Array<bigint>(ADDRESS_PLACES).fill(0n);

/** The reverse of `wordToAddress`. Remembers those last asked for, since reading 40 digits takes long. */
export function addressToWord(address: Address): bigint {
  const place = (31 * address.charCodeAt(40) + address.charCodeAt(41)) & (ADDRESS_PLACES - 1);
  if (knownAddresses[place] !== address) {
    knownAddresses[place] = address;
    knownWords[place] = BigInt(address);
  }
  return knownWords[place] ?? 0n;
}

/** The word as 32-byte hex. */
export function wordToHash(word: bigint): Hash {
  return hashes.text(word);
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
  if (word <= LOW_MASK) {
    view.setBigUint64(at, 0n);
    view.setBigUint64(at + 8, 0n);
    view.setBigUint64(at + 16, 0n);
  } else {
    view.setBigUint64(at, word >> 192n);
    // `setBigUint64` takes the low 64 bits.
    view.setBigUint64(at + 8, word >> 128n);
    view.setBigUint64(at + 16, word >> 64n);
  }
  view.setBigUint64(at + 24, word);
}

export function readWord(view: DataView, at: number): bigint {
  const first = view.getBigUint64(at);
  const second = view.getBigUint64(at + 8);
  const third = view.getBigUint64(at + 16);
  const last = view.getBigUint64(at + 24);
  // Most words are small, and each operation on larger ones makes a new bigint.
  if (first === 0n && second === 0n) return third === 0n ? last : (third << 64n) | last;
  return (((first << 64n) | second) << 128n) | ((third << 64n) | last);
}

const scratch = new DataView(new ArrayBuffer(32));

/** The 32 bytes of `source` from `offset`, zeros beyond its end; any word may be the offset. */
export function readZeroPadded(source: Uint8Array, offset: bigint): bigint {
  if (offset >= BigInt(source.length)) return 0n;
  const from = Number(offset);
  for (let at = 0; at < 32; at++) scratch.setUint8(at, source[from + at] ?? 0);
  return readWord(scratch, 0);
}
