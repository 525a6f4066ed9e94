import type { AccountAccess, Address } from '@heddle/types';
import { encodeAccessList } from '@heddle/types';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeAccess, shiftAccess } from '../src/rpc-backend/merge-access.ts';

const ADDRESS: Address = `0x${'ab'.repeat(20)}`;
const INDICES = 20;

/** Strictly rising indices below INDICES. */
const indices = fc.uniqueArray(fc.nat(INDICES - 1), { maxLength: 4 }).map((list) => list.toSorted((a, b) => a - b));
const slots = fc.uniqueArray(fc.bigInt(0n, 12n), { maxLength: 8 });
const numbers = indices.chain((at) =>
  fc.tuple(...at.map((index) => fc.record({ index: fc.constant(index), n: fc.bigInt(0n, 9n) }))),
);

/** Canonical: sorted, unique, no changed slot among the reads. */
const access: fc.Arbitrary<AccountAccess> = fc
  .record({
    touched: slots,
    changedCount: fc.nat(8),
    changes: fc.array(numbers, { minLength: 8, maxLength: 8 }),
    balances: numbers,
    nonces: numbers,
  })
  .map(({ touched, changedCount, changes, balances, nonces }) => {
    const changed = touched.slice(0, changedCount).toSorted((a, b) => (a < b ? -1 : 1));
    const storageChanges = changed
      .map((slot, at) => ({ slot, changes: (changes[at] ?? []).map(({ index, n }) => ({ index, value: n })) }))
      .filter((entry) => entry.changes.length > 0);
    const written = new Set(storageChanges.map(({ slot }) => slot));
    return {
      address: ADDRESS,
      storageChanges,
      storageReads: touched.filter((slot) => !written.has(slot)).toSorted((a, b) => (a < b ? -1 : 1)),
      balanceChanges: balances.map(({ index, n }) => ({ index, balance: n })),
      nonceChanges: nonces.map(({ index, n }) => ({ index, nonce: n })),
      codeChanges: [],
    };
  });

/** Last values by what they are of. */
function outcome(parts: readonly AccountAccess[]): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  for (const part of parts) {
    for (const { slot, changes } of part.storageChanges)
      for (const { value } of changes) values.set(`slot ${slot}`, value);
    for (const { balance } of part.balanceChanges) values.set('balance', balance);
    for (const { nonce } of part.nonceChanges) values.set('nonce', nonce);
  }
  return values;
}

function touchedSlots({ storageChanges, storageReads }: AccountAccess): readonly bigint[] {
  return [...storageChanges.map(({ slot }) => slot), ...storageReads];
}

test('parts merge to a canonical list with the same outcome, the same slots and all changes', () => {
  fc.assert(
    fc.property(fc.array(access, { minLength: 1, maxLength: 4 }), (parts) => {
      const shifted = parts.map((part, at) => shiftAccess(part, at * INDICES));
      const merged = shifted.reduce(mergeAccess);
      // Throws for what is not canonical.
      encodeAccessList([merged]);
      expect(outcome([merged])).toEqual(outcome(parts));
      expect(new Set(touchedSlots(merged))).toEqual(new Set(parts.flatMap(touchedSlots)));
      expect(merged.nonceChanges).toHaveLength(parts.reduce((sum, part) => sum + part.nonceChanges.length, 0));
    }),
  );
});

test('of two parts that claim one index the earlier stands', () => {
  const nothing = { address: ADDRESS, storageChanges: [], storageReads: [], balanceChanges: [], codeChanges: [] };
  const [first, second] = [1n, 2n].map((nonce) => ({ ...nothing, nonceChanges: [{ index: 3, nonce }] }));
  if (first === undefined || second === undefined) throw new Error('there are two');
  expect(mergeAccess(first, second)).toEqual(first);
});
