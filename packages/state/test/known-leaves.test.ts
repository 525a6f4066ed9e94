import { bytesToHex } from '@heddle/primitives';
import {
  createLayer,
  createMemoryBackend,
  EMPTY_STATE,
  openState,
  type StateChanges,
  type StateLayer,
  type StateSnapshot,
} from '@heddle/state';
import { type Address, EMPTY_CODE_HASH } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressOf, stateChanges } from './support/changes.ts';

const hashesOf = (layer: StateLayer): readonly string[] => Array.from(layer.nodes, ({ hash }) => bytesToHex(hash));

/** A chain of final states whose nodes lie in memory or, as the store sees it, all on a disk. */
class Chain {
  readonly #backend = createMemoryBackend();
  readonly #inMemory: boolean;
  #state: StateSnapshot = EMPTY_STATE;
  /** Nodes that were read from the disk. */
  reads = 0;

  constructor(inMemory: boolean) {
    this.#inMemory = inMemory;
  }

  apply(changes: StateChanges): StateLayer {
    const layer = createLayer(this.#state, changes);
    this.#backend.apply(layer);
    const onDisk = {
      ...this.#backend,
      nodeAtHand: () => undefined,
      node: (owner: Address | null, hash: Uint8Array) => {
        this.reads++;
        return this.#backend.node(owner, hash);
      },
    };
    this.#state = openState(this.#inMemory ? this.#backend : onDisk, layer.root);
    return layer;
  }
}

function balances(indexes: readonly number[], balance: bigint | null): StateChanges {
  const accounts = new Map<Address, { nonce: bigint; balance: bigint; codeHash: typeof EMPTY_CODE_HASH } | null>();
  for (const index of indexes) {
    accounts.set(addressOf(index), balance === null ? null : { nonce: 1n, balance, codeHash: EMPTY_CODE_HASH });
  }
  return { accounts, storage: new Map(), codes: new Map() };
}

describe('leaves of accounts that are known', () => {
  test('the same nodes come out, whether they are read or made again', () => {
    fc.assert(
      fc.property(fc.array(stateChanges, { minLength: 2, maxLength: 12 }), (list) => {
        const read = new Chain(true);
        const made = new Chain(false);
        for (const changes of list) {
          const expected = read.apply(changes);
          const layer = made.apply(changes);
          expect(layer.root).toBe(expected.root);
          expect(hashesOf(layer)).toEqual(hashesOf(expected));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('only branches are read for an account that changes', () => {
    const chain = new Chain(false);
    const indexes = Array.from({ length: 100 }, (_, index) => index);
    chain.apply(balances(indexes, 1n));
    chain.reads = 0;
    chain.apply(balances(indexes, 2n));
    // A trie with 16 children a branch has fewer branches than leaves.
    expect(chain.reads).toBeLessThan(indexes.length);
    chain.reads = 0;
    chain.apply(balances([3], 3n));
    expect(chain.reads).toBeLessThan(4);
  });

  test('accounts that come and go take and leave their leaves', () => {
    const chains = [new Chain(true), new Chain(false)];
    const all = Array.from({ length: 200 }, (_, index) => index);
    const steps = [balances(all, 1n), balances(all.slice(50), null), balances([0, 199], 4n), balances(all, null)];
    for (const changes of steps) {
      const [expected, root] = chains.map((chain) => chain.apply(changes).root);
      expect(root).toBe(expected);
    }
  });
});
