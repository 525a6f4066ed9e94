import { expect, test } from '@jest/globals';
import { hashScheme, hashSign } from '../src/testing/index.ts';

const KEYS = [1, 2, 3].map((byte) => new Uint8Array(48).fill(byte));
const MESSAGE = new Uint8Array(32).fill(9);
const OTHER = new Uint8Array(32).fill(8);

test('a signature is good for its key and message alone, and every byte of it counts', () => {
  const [key = new Uint8Array(), other = new Uint8Array()] = KEYS;
  const signature = hashSign(key, MESSAGE);
  expect(hashScheme.verify(key, MESSAGE, signature)).toBe(true);
  expect(hashScheme.verify(other, MESSAGE, signature)).toBe(false);
  expect(hashScheme.verify(key, OTHER, signature)).toBe(false);
  for (const at of signature.keys()) {
    const forged = signature.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(hashScheme.verify(key, MESSAGE, forged)).toBe(false);
    const aggregate = hashScheme.aggregate([forged]);
    expect(aggregate === null || hashScheme.verifyAggregate([key], MESSAGE, aggregate)).toBe(false);
  }
});

test('an aggregate has no order, and no signer more or less', () => {
  const signatures = KEYS.map((key) => hashSign(key, MESSAGE));
  const aggregate = hashScheme.aggregate(signatures) ?? new Uint8Array();
  expect(hashScheme.aggregate(signatures.toReversed())).toEqual(aggregate);
  expect(hashScheme.verifyAggregate(KEYS.toReversed(), MESSAGE, aggregate)).toBe(true);
  expect(hashScheme.verifyAggregate(KEYS.slice(1), MESSAGE, aggregate)).toBe(false);
  expect(hashScheme.verifyAggregate([...KEYS, ...KEYS], MESSAGE, aggregate)).toBe(false);
  expect(hashScheme.verifyAggregate([], MESSAGE, new Uint8Array(aggregate.length))).toBe(false);
  expect(hashScheme.aggregate([new Uint8Array(5)])).toBeNull();
});
