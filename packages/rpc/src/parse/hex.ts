import { type Hex, hexToBytes, MAX_U64, MAX_U256 } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import { BadValueError } from '../errors.ts';
import { describeType } from './bad-value.ts';

const HEX_DIGITS = /^[0-9a-fA-F]*$/;
const LOWER_HEX = /^0x[0-9a-f]*$/;

/** A quantity of at most 64 bits: '0x' and at least one digit, no leading zeros. Geth's wording. */
export function parseUint64(value: unknown): bigint {
  const number = parseQuantity(value);
  if (number > MAX_U64) throw new BadValueError('hex number > 64 bits');
  return number;
}

/** A quantity of at most 256 bits. */
export function parseUint256(value: unknown): bigint {
  const number = parseQuantity(value);
  if (number > MAX_U256) throw new BadValueError('hex number > 256 bits');
  return number;
}

function parseQuantity(value: unknown): bigint {
  const digits = parseDigits(value, 'a quantity such as "0x10"');
  if (digits === '') throw new BadValueError('hex string "0x"');
  if (digits.length > 1 && digits.startsWith('0')) throw new BadValueError('hex number with leading zero digits');
  // 66 digits are past every width: the caller's range check says so without reading megabytes of digits.
  return BigInt(`0x${digits.slice(0, 66)}`);
}

/** Bytes of any length. */
export function parseBytes(value: unknown): Uint8Array {
  const digits = parseDigits(value, 'bytes as hex');
  if (digits.length % 2 !== 0) throw new BadValueError('hex string of odd length');
  return hexToBytes(`0x${digits}`);
}

/** 20 bytes; any mixture of cases, the result is lower case. */
export function parseAddress(value: unknown): Address {
  return parseFixed(value, 40, 'an address');
}

/** 32 bytes. */
export function parseHash(value: unknown): Hash {
  return parseFixed(value, 64, 'a hash');
}

function parseFixed(value: unknown, length: number, what: string): Hex {
  // As programs write it: the very string that came, not one put together anew, which every map has to hash as a whole.
  if (typeof value === 'string' && value.length === length + 2 && isLowerHex(value)) return value;
  const digits = parseDigits(value, what);
  if (digits.length !== length) {
    throw new BadValueError(`hex string has length ${digits.length}, want ${length} for ${what}`);
  }
  return `0x${digits.toLowerCase()}`;
}

function isLowerHex(text: string): text is Hex {
  return LOWER_HEX.test(text);
}

/** A storage word or key: up to 32 bytes of hex, leading zeros allowed, shorter ones meant as numbers. */
export function parseWord(value: unknown): bigint {
  const digits = parseDigits(value, 'a storage word');
  if (digits.length > 64) throw new BadValueError(`hex string too long, want at most 32 bytes`);
  return digits === '' ? 0n : BigInt(`0x${digits}`);
}

/** A storage word of exactly 32 bytes. */
export function parseFullWord(value: unknown): bigint {
  const digits = parseDigits(value, 'a storage word');
  if (digits.length !== 64)
    throw new BadValueError(`hex string has length ${digits.length}, want 64 for a storage word`);
  return BigInt(`0x${digits}`);
}

function parseDigits(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new BadValueError(`want ${what}, got ${describeType(value)}`);
  if (value === '') throw new BadValueError('empty hex string');
  if (!value.startsWith('0x') && !value.startsWith('0X')) throw new BadValueError('hex string without 0x prefix');
  const digits = value.slice(2);
  if (!HEX_DIGITS.test(digits)) throw new BadValueError('invalid hex string');
  return digits;
}
