import { MAX_U64, MAX_U256 } from '@heddle/primitives';
import { BadValueError } from '../errors.ts';
import { describeType } from './bad-value.ts';
import { parseUint64 } from './hex.ts';

export function parseBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new BadValueError(`want true or false, got ${describeType(value)}`);
  return value;
}

export function parseString(value: unknown): string {
  if (typeof value !== 'string') throw new BadValueError(`want a string, got ${describeType(value)}`);
  return value;
}

/**
 * A number that a devnet's tools send in any way that they have for one: as a JSON number, in decimals, or as hex, leading zeros
 * and all. At most 256 bits.
 */
export function parseAmount(value: unknown): bigint {
  const amount = typeof value === 'number' ? wholeNumber(value) : amountText(value);
  if (amount > MAX_U256) throw new BadValueError('number > 256 bits');
  return amount;
}

/** The same, of at most 64 bits. */
export function parseNonce(value: unknown): bigint {
  return smallAmount(value);
}

/** The same: a timestamp, or a span of time. */
export function parseSeconds(value: unknown): bigint {
  return smallAmount(value);
}

function smallAmount(value: unknown): bigint {
  const amount = parseAmount(value);
  if (amount > MAX_U64) throw new BadValueError('number > 64 bits');
  return amount;
}

function wholeNumber(value: number): bigint {
  if (!Number.isSafeInteger(value) || value < 0) throw new BadValueError('want a whole number, 0 or more');
  return BigInt(value);
}

function amountText(value: unknown): bigint {
  if (typeof value !== 'string') throw new BadValueError(`want a number, got ${describeType(value)}`);
  // 78 decimals hold 256 bits; of longer texts no digit is read.
  if (/^([0-9]{1,78}|0[xX][0-9a-fA-F]{1,64})$/.test(value)) return BigInt(value);
  throw new BadValueError('want a number: decimals, or hex with 0x');
}

/** A count that tools send as a number, a decimal string or a quantity. At most 2^53 − 1. */
export function parseCount(value: unknown): number {
  const count = typeof value === 'number' ? value : Number(parseCountText(value));
  if (!Number.isSafeInteger(count) || count < 0) throw new BadValueError('want a whole number, 0 or more');
  return count;
}

function parseCountText(value: unknown): bigint {
  if (typeof value !== 'string') throw new BadValueError(`want a number, got ${describeType(value)}`);
  return /^[0-9]{1,16}$/.test(value) ? BigInt(value) : parseUint64(value);
}
