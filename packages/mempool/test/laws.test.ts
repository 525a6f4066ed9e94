import type { Address } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMempool } from '../src/index.ts';
import { ALICE, BOB, CAROL, RULES, TestAccounts, transaction } from './transactions.ts';

const senders: readonly Address[] = [ALICE, BOB, CAROL];
const sender = fc.constantFrom(...senders);
const capacity = { transactions: 8, bytes: 2_000, transactionsPerSender: 5 };

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      sender,
      nonce: fc.bigInt(0n, 6n),
      cap: fc.bigInt(1n, 40n),
      rawBytes: fc.integer({ min: 100, max: 600 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('execute' as const), sender }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), position: fc.nat(10) }) },
);

describe('laws of the pool, over random histories', () => {
  test('limits hold, candidates are in order, indexes agree', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), fc.bigInt(0n, 20n), (actions, baseFee) => {
        const accounts = new TestAccounts();
        const pool = createMempool(RULES, accounts, capacity);
        for (const step of actions) {
          if (step.kind === 'add') {
            pool.add(transaction({ ...step, tip: 1n }));
          } else if (step.kind === 'execute') {
            accounts.nonces.set(step.sender, accounts.nonce(step.sender) + 1n);
            pool.onFinalized([step.sender]);
          } else {
            const victim = pool.all()[step.position];
            if (victim !== undefined) pool.drop(victim.hash);
          }
          const all = pool.all();
          expect(all.length).toBe(pool.size);
          expect(pool.size).toBeLessThanOrEqual(capacity.transactions);
          expect(all.reduce((sum, { raw }) => sum + raw.length, 0)).toBeLessThanOrEqual(capacity.bytes);
          expect(new Set(all.map(({ sender: from, fields }) => `${from}/${fields.nonce}`)).size).toBe(all.length);
          expect(all.every(({ sender: from, fields }) => fields.nonce >= accounts.nonce(from))).toBe(true);
        }
        const next = new Map(senders.map((address) => [address, accounts.nonce(address)]));
        const offered = [...pool.candidates({ mine: () => true, baseFee, takes: () => true })];
        for (const { sender: from, fields } of offered) {
          expect(fields.nonce).toBe(next.get(from));
          next.set(from, fields.nonce + 1n);
          expect('maxFeePerGas' in fields && fields.maxFeePerGas >= baseFee).toBe(true);
        }
        expect(pool.hasExecutable(baseFee)).toBe(offered.length > 0);
      }),
      { numRuns: 150 },
    );
  });
});
