import { BadValueError } from '../errors.ts';

/** Turns an unchecked value into a T or throws BadValueError. */
export type Parser<T> = (value: unknown) => T;

/** Runs `parse`, with `place` put before what it complains about. */
export function parseAt<T>(place: string, value: unknown, parse: Parser<T>): T {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof BadValueError) throw new BadValueError(`${place}: ${error.message}`);
    throw error;
  }
}

/** What a value is, in words for an error message. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'undefined') return 'nothing';
  return `a ${typeof value}`;
}
