import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteBudget, type ByteLimits } from '../src/peers/byte-budget.ts';

const LIMITS: ByteLimits = { perSender: 100, total: 250 };

/** Queues by sender, as those who use a budget keep them. */
class Queues {
  readonly items = new Map<string, number[]>();
  readonly budget = new ByteBudget<string>(LIMITS, (sender) => {
    const oldest = this.items.get(sender)?.shift();
    if (oldest === undefined) return false;
    this.budget.release(sender, oldest);
    return true;
  });

  add(sender: string, bytes: number): boolean {
    if (!this.budget.take(sender, bytes)) return false;
    this.items.set(sender, [...(this.items.get(sender) ?? []), bytes]);
    return true;
  }

  get held(): number {
    return [...this.items.values()].flat().reduce((sum, bytes) => sum + bytes, 0);
  }
}

describe('a budget', () => {
  test('a sender gives way to itself, the heaviest to all', () => {
    const queues = new Queues();
    for (const sender of ['a', 'b']) for (let i = 0; i < 3; i++) queues.add(sender, 50);
    expect(queues.items).toEqual(
      new Map([
        ['a', [50, 50]],
        ['b', [50, 50]],
      ]),
    );
    expect(queues.add('c', 90)).toBe(true);
    expect(queues.items.get('a')).toEqual([50]);
    // It would be the heaviest itself.
    expect(queues.add('d', 100)).toBe(false);
    expect(queues.add('d', 101)).toBe(false);
    expect(queues.budget.total).toBe(queues.held);
  });

  test('no sequence breaks its bounds, and whoever asks for its share gets it', () => {
    const takes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 120 })));
    fc.assert(
      fc.property(takes, (sequence) => {
        const queues = new Queues();
        for (const [sender, bytes] of sequence) {
          queues.add(sender, bytes);
          expect(queues.budget.total).toBe(queues.held);
          expect(queues.budget.total).toBeLessThanOrEqual(LIMITS.total);
          expect(queues.budget.heldFor(sender)).toBeLessThanOrEqual(LIMITS.perSender);
        }
        // Of six senders each has its sixth, whatever the others hold.
        expect(queues.add('new', 41)).toBe(true);
      }),
    );
  });
});
