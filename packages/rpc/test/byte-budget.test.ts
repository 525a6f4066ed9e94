import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteBudget, type Hold } from '../src/protocol/byte-budget.ts';

const TOTAL = 100;
const FREE = 10;

test('holders never hold more than the budget beside what is free, a refusal takes nothing, and all comes back', () => {
  const step = fc.record({
    holder: fc.nat(3),
    bytes: fc.nat(60),
    action: fc.constantFrom('take', 'giveBack', 'release'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = new ByteBudget({ total: TOTAL, freePerHolder: FREE }, 'full');
      const holds: readonly Hold[] = Array.from({ length: 4 }, () => budget.holder().open());
      const model = [0, 0, 0, 0];
      const counted = (): number => model.reduce((sum, bytes) => sum + Math.max(0, bytes - FREE), 0);
      for (const { holder, bytes, action } of steps) {
        const hold = holds[holder];
        const before = model[holder];
        if (hold === undefined || before === undefined) throw new Error('no such holder');
        if (action === 'take') {
          model[holder] = before + bytes;
          if (counted() <= TOTAL) hold.take(bytes);
          else {
            model[holder] = before;
            expect(() => hold.take(bytes)).toThrow('full');
          }
        } else {
          model[holder] = action === 'release' ? 0 : Math.max(0, before - bytes);
          if (action === 'release') hold.release();
          else hold.giveBack(bytes);
        }
        expect(budget.counted).toBe(counted());
      }
      for (const hold of holds) hold.release();
      expect(budget.counted).toBe(0);
    }),
  );
});

test('whoever fills the budget leaves the others what is free', () => {
  const budget = new ByteBudget({ total: TOTAL, freePerHolder: FREE }, 'full');
  budget.holder().take(TOTAL + FREE);
  const other = budget.holder();
  other.take(FREE);
  expect(() => other.take(1)).toThrow('full');
});
