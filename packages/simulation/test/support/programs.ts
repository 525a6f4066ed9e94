import type { Address } from '@heddle/types';
import * as fc from 'fast-check';
import { RETURN_TOP } from './calls.ts';
import { account, type TestAccount } from './shards.ts';

export const PLACES = 6;

/** The n-th of the contracts of a random world. */
export function placeAddress(index: number): Address {
  return `0x${(0xa0 + index).toString(16).repeat(20)}`;
}

type Step =
  | { readonly kind: 'load' | 'blockHash'; readonly word: number }
  | { readonly kind: 'store'; readonly word: number }
  | { readonly kind: 'balance' | 'size' | 'call'; readonly place: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('load' as const), word: fc.nat(12) }) },
  fc.record({ kind: fc.constant('blockHash' as const), word: fc.nat(60) }),
  fc.record({ kind: fc.constant('store' as const), word: fc.nat(12) }),
  fc.record({ kind: fc.constantFrom('balance' as const, 'size' as const), place: fc.nat(PLACES) }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('call' as const), place: fc.nat(PLACES) }) },
);

/** Pushes one word. */
function codeOf(step: Step): string {
  const byte = (value: number): string => value.toString(16).padStart(2, '0');
  switch (step.kind) {
    case 'load':
      return `60${byte(step.word)}54`;
    case 'blockHash':
      return `60${byte(step.word)}40`;
    case 'store':
      return `5a60${byte(step.word)}555a`;
    case 'balance':
      return `73${placeAddress(step.place).slice(2)}31`;
    case 'size':
      return `73${placeAddress(step.place).slice(2)}3b`;
    case 'call':
      // Half of the gas: contracts may call one another in circles.
      return `60205f5f5f5f73${placeAddress(step.place).slice(2)}60025a04f15f5101`;
  }
}

/** Everything that its steps give goes into the word that it returns. */
function programOf(steps: readonly Step[]): string {
  return `5f${steps.map((each) => `600302${codeOf(each)}01`).join('')}${RETURN_TOP}`;
}

/** Contracts that read slots and accounts and call one another, each on any of `shardCount` shards. */
export function worlds(shardCount: number): fc.Arbitrary<readonly TestAccount[]> {
  const contract = (index: number): fc.Arbitrary<TestAccount> =>
    fc
      .record({
        shard: fc.nat(shardCount - 1),
        steps: fc.array(step, { minLength: 1, maxLength: 8 }),
        storage: fc.array(fc.tuple(fc.bigInt(0n, 12n), fc.bigInt(1n, 2n ** 256n - 1n)), { maxLength: 8 }),
        balance: fc.bigInt(0n, 10n ** 20n),
      })
      .map(({ shard, steps, storage, balance }) =>
        account(placeAddress(index), { shard, code: programOf(steps), storage: new Map(storage), balance }),
      );
  return fc.tuple(...Array.from({ length: PLACES }, (_, index) => contract(index)));
}
