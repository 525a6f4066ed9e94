import { encodeRlp, encodeUint, type RlpItem } from '@heddle/primitives';
import { expect, test } from '@jest/globals';
import { decodeCount, decodeExecutions, decodeLocation, decodeQuantity, encodeLocation } from '../src/codecs.ts';

const corrupt = expect.objectContaining({ code: 'CORRUPT_RECORD' });
const location = (...fields: readonly RlpItem[]): Uint8Array => encodeRlp(fields);
const u = encodeUint;

test('a record has the fields that it was written with, each within its bounds', () => {
  const stored = { kind: 'executed', height: 7n, shard: 63, index: 5, dispatchedIn: null } as const;
  expect(decodeLocation(encodeLocation(stored))).toEqual(stored);
  for (const bytes of [
    location(u(1), u(7), u(64), u(5), u(0)),
    location(u(1), u(7), u(1), u(2 ** 32), u(0)),
    location(u(1), u(2n ** 64n), u(1), u(5), u(0)),
    location(u(1), u(7), u(1), u(5), u(0), u(0)),
    location(u(0), u(7), u(1), u(5), u(0)),
    location(u(3), u(7), u(1), u(5), u(0)),
    location(u(2), u(7), u(1), u(5)),
    location(),
    Uint8Array.of(7),
  ])
    expect(() => decodeLocation(bytes)).toThrow(corrupt);
  expect(() => decodeExecutions(encodeRlp([[u(1)]]))).toThrow(corrupt);
});

test('a count has a bound, a quantity 256 bits', () => {
  expect(decodeCount(encodeRlp([u(64)]), 64)).toBe(64);
  expect(() => decodeCount(encodeRlp([u(65)]), 64)).toThrow(corrupt);
  expect(decodeQuantity(encodeRlp([u(2n ** 256n - 1n)]))).toBe(2n ** 256n - 1n);
  expect(() => decodeQuantity(encodeRlp([new Uint8Array(33).fill(1)]))).toThrow(corrupt);
});
