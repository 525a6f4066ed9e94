import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { poolEntry, SenderQueue } from '../src/sender-queue.ts';
import { transaction } from './transactions.ts';

const NONCES = 12;

const step = fc.record({
  kind: fc.constantFrom('put', 'remove', 'gap'),
  nonce: fc.integer({ min: 0, max: NONCES }),
});

/** The first nonce that is not there, looked for one by one. */
function firstMissing(present: ReadonlySet<number>, from: number): number {
  let nonce = from;
  while (present.has(nonce)) nonce += 1;
  return nonce;
}

describe('SenderQueue', () => {
  test('finds the first gap whatever came and went before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new SenderQueue();
        const present = new Set<number>();
        for (const { kind, nonce } of steps) {
          if (kind === 'put') {
            queue.put(poolEntry(transaction({ nonce: BigInt(nonce) }), 0));
            present.add(nonce);
          } else if (kind === 'remove' && present.delete(nonce)) {
            queue.remove(BigInt(nonce));
          }
          expect(queue.firstGap(BigInt(nonce))).toBe(BigInt(firstMissing(present, nonce)));
          expect(queue.size).toBe(present.size);
        }
      }),
    );
  });
});
