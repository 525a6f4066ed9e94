import { BadValueError } from '../errors.ts';
import type { UncheckedObject } from '../json.ts';
import { ownMember } from '../json.ts';
import type { Parser } from './bad-value.ts';
import { parseAt } from './bad-value.ts';

/** The member `key`, or `fallback` when it is absent or null. */
export function optionalField<T, F>(object: UncheckedObject, key: string, parse: Parser<T>, fallback: F): T | F {
  const value = ownMember(object, key);
  return value === undefined || value === null ? fallback : parseAt(key, value, parse);
}

export function requiredField<T>(object: UncheckedObject, key: string, parse: Parser<T>): T {
  const value = ownMember(object, key);
  if (value === undefined || value === null) throw new BadValueError(`missing field ${key}`);
  return parseAt(key, value, parse);
}

/** An array of at most `limit` items. */
export function parseList<T>(value: unknown, limit: number, parse: Parser<T>): readonly T[] {
  if (!Array.isArray(value)) throw new BadValueError('want an array');
  if (value.length > limit) throw new BadValueError(`${value.length} items, at most ${limit} are allowed`);
  return value.map((item, index) => parseAt(`[${index}]`, item, parse));
}
