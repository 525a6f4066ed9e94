import { expect, test } from '@jest/globals';
import { RequestBudget } from '../src/peers/request-budget.ts';

test('law: what is under way stays within the limit, in order, and everything gets its turn', async () => {
  const budget = new RequestBudget(100);
  const begun: number[] = [];
  const ends: ((value: number) => void)[] = [];
  const sizes = [60, 30, 50, 10, 100, 150, 1];
  const all = sizes.map((bytes, i) =>
    budget.run(bytes, () => {
      begun.push(i);
      return new Promise<number>((resolve) => ends.push(resolve));
    }),
  );
  await Promise.resolve();
  expect([begun, budget.reservedBytes]).toEqual([[0, 1], 90]);
  for (let i = 0; i < sizes.length; i++) {
    ends[i]?.(i);
    await all[i];
    // One that is larger than the limit has it alone.
    expect(budget.reservedBytes).toBeLessThanOrEqual(150);
  }
  expect(begun).toEqual(sizes.map((_, i) => i));
  expect(await Promise.all(all)).toEqual(begun);
  expect(budget.reservedBytes).toBe(0);
});

test('a request that fails gives back its room', async () => {
  const budget = new RequestBudget(10);
  await expect(budget.run(10, () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
  expect(await budget.run(10, () => Promise.resolve(1))).toBe(1);
});
