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
