import { expect, test } from '@jest/globals';
import { rememberedBy } from '../src/index.ts';

test('computes once an object, by identity', () => {
  let calls = 0;
  const double = rememberedBy(({ value }: { readonly value: number }) => {
    calls += 1;
    return value * 2;
  });
  const one = { value: 1 };
  expect([double(one), double(one), double({ value: 1 }), double({ value: 2 })]).toEqual([2, 2, 2, 4]);
  expect(calls).toBe(3);
});

test('a throw is not remembered', () => {
  let isReady = false;
  const read = rememberedBy((_: object) => {
    if (!isReady) throw new Error('not yet');
    return 'ready';
  });
  const key = {};
  expect(() => read(key)).toThrow('not yet');
  isReady = true;
  expect(read(key)).toBe('ready');
});
