import { describe, expect, test } from '@jest/globals';
import { decodeItem, FieldReader, NULL_ITEM, type Refusal, type RlpItem, readList } from '../src/index.ts';

/** Whose bytes they are says what the error is. */
class RefusedError extends Error {
  readonly code = 'REFUSED';
}
const refusal: Refusal = (subject, reason) => new RefusedError(`${subject}: ${reason}`);
const reader = (item: RlpItem, count: number | null = null): FieldReader =>
  new FieldReader(refusal, 'thing', item, count);
const refused = (message: string): unknown => expect.objectContaining({ code: 'REFUSED', message });
const HASH = new Uint8Array(32).fill(0xab);
const ADDRESS = new Uint8Array(20).fill(0xcd);

test('fields are read in their order', () => {
  const fields = reader(
    [HASH, ADDRESS, Uint8Array.of(7), Uint8Array.of(1, 0), Uint8Array.of(1, 2), NULL_ITEM, ADDRESS],
    7,
  );
  expect(fields.hash('hash')).toBe(`0x${'ab'.repeat(32)}`);
  expect(fields.address('address')).toBe(`0x${'cd'.repeat(20)}`);
  expect(fields.u64('u64')).toBe(7n);
  expect(fields.index('index', 256)).toBe(256);
  expect(fields.fixed('fixed', 2)).toEqual(Uint8Array.of(1, 2));
  expect(fields.hashOrNull('none')).toBeNull();
  expect(fields.addressOrNull('some')).toBe(`0x${'cd'.repeat(20)}`);
  expect(() => fields.bytes('more')).toThrow(refused('thing: it has 7 fields, more is missing'));
});

describe('is refused, in the words of the owner', () => {
  test.each<[string, RlpItem, (fields: FieldReader) => unknown]>([
    ['thing: a is a list where a string is expected', [[]], (fields) => fields.bytes('a')],
    ['thing: a is a string where a list is expected', [HASH], (fields) => fields.list('a', 9)],
    ['thing: it has 2 things', [[HASH, HASH]], (fields) => fields.list('things', 1)],
    ['thing: a has 20 bytes, not 32', [ADDRESS], (fields) => fields.hash('a')],
    ['thing: a has 20 bytes, not 32', [ADDRESS], (fields) => fields.hashOrNull('a')],
    ['thing: a has 20 bytes, more than 8', [ADDRESS], (fields) => fields.u64('a')],
    ['thing: a has 33 bytes, more than 32', [new Uint8Array(33).fill(1)], (fields) => fields.u256('a')],
    ['thing: a has a leading zero', [Uint8Array.of(0, 1)], (fields) => fields.u256('a')],
    ['thing: a is 256, above 255', [Uint8Array.of(1, 0)], (fields) => fields.index('a', 255)],
    ['thing: it has 1 fields, not 2', [HASH], (fields) => fields.expectCount(2)],
    ['thing: one has 2 bytes, not 20', [[ADDRESS, HASH.subarray(30)]], (fields) => readAddresses(fields)],
  ])('%s', (message, item, read) => {
    expect(() => read(reader(item))).toThrow(refused(message));
  });

  test('what is no list, has another number of fields, or is no RLP', () => {
    expect(() => reader(HASH)).toThrow(refused('thing: a list is expected, not a string'));
    expect(() => readList(refusal, 'thing', HASH)).toThrow(refused('thing: a list is expected, not a string'));
    expect(() => reader([HASH], 2)).toThrow(refused('thing: it has 1 fields, not 2'));
    expect(() => decodeItem(refusal, 'thing', Uint8Array.of(0xc1))).toThrow(
      expect.objectContaining({ code: 'REFUSED' }),
    );
  });
});

function readAddresses(fields: FieldReader): readonly string[] {
  return fields.values('all', 9, (all) => all.address('one'));
}

test('a list of single values', () => {
  expect(readAddresses(reader([[ADDRESS, ADDRESS]]))).toHaveLength(2);
  expect(readAddresses(reader([[]]))).toEqual([]);
});
