import { encodeRlp, encodeUint, type RlpItem } from '@heddle/primitives';
import { encodeTransaction } from '@heddle/types';
import { expect, test } from '@jest/globals';
import { decodeCount, decodeExecutions, decodeLocation, decodeQuantity, encodeLocation } from '../src/codecs.ts';

const corrupt = expect.objectContaining({ code: 'CORRUPT_RECORD' });
const location = (...fields: readonly RlpItem[]): Uint8Array => encodeRlp(fields);
const u = encodeUint;
const { raw } = encodeTransaction(
  { type: 0, nonce: 0n, gasLimit: 0n, to: null, value: 0n, data: new Uint8Array(0), chainId: null, gasPrice: 0n },
  { yParity: 0, r: 1n, s: 1n },
);

test('a record has the fields that it was written with, each within its bounds', () => {
  const stored = { kind: 'executed', height: 7n, part: 64, index: 5, dispatchedIn: null } as const;
  expect(decodeLocation(encodeLocation(stored))).toEqual(stored);
  const sender = new Uint8Array(20);
  expect(decodeLocation(location(u(2), u(7), u(63), [raw, sender]))).toMatchObject({ kind: 'dispatched', shard: 63 });
  for (const bytes of [
    location(u(1), u(7), u(65), u(5), u(0)),
    location(u(1), u(7), u(1), u(2 ** 32), u(0)),
    location(u(1), u(2n ** 64n), u(1), u(5), u(0)),
    location(u(1), u(7), u(1), u(5), u(0), u(0)),
    location(u(0), u(7), u(1), u(5), u(0)),
    location(u(3), u(7), u(1), u(5), u(0)),
    location(u(2), u(7), u(1), u(5)),
    location(u(2), u(7), u(64), [raw, sender]),
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
