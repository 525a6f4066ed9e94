import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { criticalPath } from '../src/lanes/predict/critical-path.ts';
import { dependenciesOf } from '../src/lanes/predict/dependencies.ts';
import { PositionQueue } from '../src/lanes/predict/position-queue.ts';
import type { Accesses, Position } from '../src/lanes/results.ts';

interface Chunk {
  readonly costs: readonly number[];
  readonly dependencies: readonly (readonly Position[])[];
}

const chunk: fc.Arbitrary<Chunk> = fc
  .array(fc.tuple(fc.nat(50), fc.uniqueArray(fc.nat(30), { maxLength: 3 })), { maxLength: 25 })
  .map((drawn) => ({
    costs: drawn.map(([cost]) => cost),
    dependencies: drawn.map(([, back], position) => back.filter((distance) => distance < position).map((n) => n)),
  }));
const lanes = fc.integer({ min: 1, max: 8 });

function sum(costs: readonly number[]): number {
  return costs.reduce((total, cost) => total + cost, 0);
}

function longestChain({ costs, dependencies }: Chunk): number {
  const ends: number[] = [];
  for (const [position, cost] of costs.entries()) {
    const starts = (dependencies[position] ?? []).map((before) => ends[before] ?? 0);
    ends.push(Math.max(0, ...starts) + cost);
  }
  return Math.max(0, ...ends);
}

describe('laws of the critical path', () => {
  test('one lane takes the sum, as many as transactions the longest chain', () => {
    fc.assert(
      fc.property(chunk, (drawn) => {
        const { costs, dependencies } = drawn;
        expect(criticalPath(costs, dependencies, 1)).toBe(sum(costs));
        expect(criticalPath(costs, dependencies, costs.length + 1)).toBe(longestChain(drawn));
      }),
    );
  });

  test('never below the longest chain or the average of the lanes, never above their sum (Graham)', () => {
    fc.assert(
      fc.property(chunk, lanes, (drawn, count) => {
        const { costs, dependencies } = drawn;
        const time = criticalPath(costs, dependencies, count);
        const [chain, average] = [longestChain(drawn), sum(costs) / count];
        expect(time).toBeGreaterThanOrEqual(Math.max(chain, average));
        expect(time).toBeLessThanOrEqual(average + (1 - 1 / count) * chain + 1e-9);
      }),
    );
  });
});

describe('position queue', () => {
  test('hands out the least order first, whenever it was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(99), fc.constant(null))), (steps) => {
        const queue = new PositionQueue();
        const model: number[] = [];
        for (const step of [...steps, ...steps.map(() => null)]) {
          if (step !== null) {
            queue.push(model.push(step), step);
            continue;
          }
          model.sort((a, b) => a - b);
          expect(queue.first?.order).toBe(model[0]);
          expect(queue.take()?.order).toBe(model.shift());
        }
        expect(queue.take()).toBeNull();
      }),
    );
  });
});

describe('critical path', () => {
  test('a lane that is free takes the first transaction that can run, not the first that is left', () => {
    // 1 waits for 0; 2 does not.
    expect(criticalPath([4, 4, 4], [[], [0], []], 2)).toBe(8);
    // Were 3 to wait behind 2 in the order of the chunk, it would take 9.
    expect(criticalPath([3, 1, 3, 3], [[], [], [0], []], 2)).toBe(6);
  });

  test('all that end at the same time are done before the next ones start', () => {
    // 2 and 3 wait for one of the first two, 4 for the other: when both have ended, 2 and 3 go first.
    expect(criticalPath([2, 2, 1, 5, 1], [[], [], [1], [1], [0]], 2)).toBe(7);
    expect(criticalPath([2, 2, 1, 5, 1], [[], [], [0], [0], [1]], 2)).toBe(7);
  });

  test('more lanes can take longer (Graham)', () => {
    const costs = [3, 2, 2, 2, 4, 4, 4, 4, 9];
    const dependencies = [[], [], [], [], [3], [3], [3], [3], [0]];
    expect(criticalPath(costs, dependencies, 3)).toBe(12);
    expect(criticalPath(costs, dependencies, 4)).toBe(15);
  });

  test('a chunk without transactions takes no time', () => {
    expect(criticalPath([], [], 3)).toBe(0);
  });

  test('nobody depends on what comes later', () => {
    expect(() => criticalPath([1, 1], [[1], []], 2)).toThrow(expect.objectContaining({ code: 'IMPOSSIBLE_STATE' }));
  });
});

describe('dependencies', () => {
  const A = '0xaa00000000000000000000000000000000000000';
  const B = '0xbb00000000000000000000000000000000000000';
  const NOTHING: Accesses = { touched: [], peekedAccounts: [], peekedSlots: [] };

  function accountOf(address: typeof A | typeof B, changes: boolean): Accesses {
    const before = { nonce: 1n, balance: 5n, codeHash: `0x${'00'.repeat(32)}` } as const;
    const after = { ...before, balance: changes ? 6n : 5n };
    return { ...NOTHING, touched: [{ address, before, after, code: null, slots: [] }] };
  }

  function slotOf(address: typeof A | typeof B, slot: bigint, changes: boolean): Accesses {
    const { touched } = accountOf(address, false);
    const slots = [{ slot, before: 1n, after: changes ? 2n : 1n }];
    return { ...NOTHING, touched: touched.map((account) => ({ ...account, slots })) };
  }

  test('on the last change of what is touched; reads do not depend on reads', () => {
    const [read, write] = [accountOf(A, false), accountOf(A, true)];
    expect(dependenciesOf([read, read, write, read, write, read, read])).toEqual([[], [], [], [2], [2], [4], [4]]);
  });

  test('the same of slots', () => {
    const [read, write] = [slotOf(A, 7n, false), slotOf(A, 7n, true)];
    expect(dependenciesOf([read, read, write, read, write, read])).toEqual([[], [], [], [2], [2], [4]]);
  });

  test('slots and accounts are keys of their own', () => {
    const executions = [
      slotOf(A, 1n, true),
      slotOf(B, 1n, false),
      slotOf(A, 2n, false),
      accountOf(A, false),
      slotOf(A, 1n, false),
    ];
    expect(dependenciesOf(executions)).toEqual([[], [], [], [], [0]]);
  });

  test('what rules peeked at counts as read', () => {
    const peeks: Accesses = {
      ...NOTHING,
      peekedAccounts: [{ address: B, values: null }],
      peekedSlots: [{ address: A, slot: 1n, value: 2n }],
    };
    expect(dependenciesOf([slotOf(A, 1n, true), accountOf(B, true), peeks])).toEqual([[], [], [0, 1]]);
  });

  test('several, ascending and each once', () => {
    const both = { ...NOTHING, touched: [accountOf(B, true), accountOf(A, true)].flatMap(({ touched }) => touched) };
    expect(dependenciesOf([accountOf(A, true), accountOf(B, true), both, both])).toEqual([[], [], [0, 1], [2]]);
  });
});
