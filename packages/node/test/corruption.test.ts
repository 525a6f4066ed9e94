import { expect, test } from '@jest/globals';
import { type ByzantineActors, Corruption } from '../src/devnet/corruption.ts';

const ACTORS: ByzantineActors = {
  names: ['silent', 'equivocator'],
  open: () => Promise.reject(new Error('nothing is opened here')),
};

test('who is corrupted by whom, until he is honest again; nothing is loaded for that', async () => {
  let loads = 0;
  const corruption = new Corruption(async () => {
    loads += 1;
    return ACTORS;
  });
  expect(await corruption.set(3, null)).toBe(false);
  expect(loads).toBe(0);
  expect(await corruption.set(3, 'silent')).toBe(true);
  expect(await corruption.set(3, 'silent')).toBe(false);
  expect(await corruption.set(1, 'silent')).toBe(true);
  expect(await corruption.set(3, 'equivocator')).toBe(true);
  expect(corruption.corrupted).toEqual([
    { validator: 1, actor: 'silent', misdeeds: 0 },
    { validator: 3, actor: 'equivocator', misdeeds: 0 },
  ]);
  expect(await corruption.set(1, null)).toBe(true);
  expect([corruption.has(1), corruption.has(3)]).toEqual([false, true]);
});

test('an actor that is not there is refused with the names of those that are', async () => {
  const corruption = new Corruption(async () => ACTORS);
  await expect(corruption.set(0, 'nobody')).rejects.toThrow(
    'there is no actor "nobody"; want silent, equivocator, or null for an honest validator',
  );
  expect(corruption.corrupted).toEqual([]);
});
