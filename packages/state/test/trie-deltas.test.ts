import { bigintToBytes, bytesToHex, hexToBytes, keccak256 } from '@heddle/primitives';
import { createLayer, createMemoryBackend, EMPTY_STATE, openState, type StateSnapshot } from '@heddle/state';
import { EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashedChildren } from '../src/trie/node.ts';
import { NodeJournal } from '../src/trie/node-journal.ts';
import { NodeTable } from '../src/trie/node-table.ts';
import { dropTrieInSteps, updateTrieInSteps } from '../src/trie/update.ts';
import { addressOf, stateChanges } from './support/changes.ts';

/** How often each node is in a trie. */
type Counts = Map<string, number>;

function count(counts: Counts, hash: Uint8Array, by: number): void {
  const name = bytesToHex(hash);
  const now = (counts.get(name) ?? 0) + by;
  if (now === 0) counts.delete(name);
  else counts.set(name, now);
}

/** Every place of a trie that has a node with a hash. */
function countsOf(nodes: NodeTable, root: Hash): Counts {
  const counts: Counts = new Map();
  const waiting = root === EMPTY_TRIE_ROOT ? [] : [hexToBytes(root)];
  for (let hash = waiting.pop(); hash !== undefined; hash = waiting.pop()) {
    count(counts, hash, 1);
    waiting.push(...hashedChildren(nodes.get(hash) ?? new Uint8Array(0)));
  }
  return counts;
}

const sorted = (counts: Counts): readonly (readonly [string, number])[] => [...counts].sort();

class JournaledTrie {
  readonly #nodes = new NodeTable();
  #root: Hash = EMPTY_TRIE_ROOT;
  #counts: Counts = new Map();

  /** Checks that what was before, without what went and with what came, is what is after. */
  update(entries: readonly (readonly [Uint8Array, Uint8Array | null])[]): void {
    const journal = new NodeJournal(0);
    const list = entries.map(([key, value]) => ({ key, value, before: null }));
    this.#root = this.#run(updateTrieInSteps(this.#source(), this.#root, list, journal));
    this.#apply(journal);
    expect(sorted(this.#counts)).toEqual(sorted(countsOf(this.#nodes, this.#root)));
  }

  drop(): void {
    const journal = new NodeJournal(0);
    this.#run(dropTrieInSteps(this.#source(), this.#root, journal));
    this.#apply(journal);
    expect(sorted(this.#counts)).toEqual([]);
  }

  #source(): { node(hash: Uint8Array): Uint8Array; nodeAtHand(hash: Uint8Array): Uint8Array | undefined } {
    const read = (hash: Uint8Array): Uint8Array | undefined => this.#nodes.get(hash);
    return { node: (hash) => read(hash) ?? new Uint8Array(0), nodeAtHand: read };
  }

  #run<Result>(steps: Generator<void, Result>): Result {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  #apply(journal: NodeJournal): void {
    journal.endTrie(null);
    for (const { added, removed } of journal) {
      for (const hash of removed) count(this.#counts, hash, -1);
      for (const { hash, rlp } of added) {
        count(this.#counts, hash, 1);
        this.#nodes.add(hash, rlp);
      }
    }
  }
}

const value = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3 }), fc.uint8Array({ minLength: 30, maxLength: 50 }));
const batch = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.option(value)), {
  selector: ([key]) => key,
  minLength: 1,
  maxLength: 15,
});

/** Keys as in a secure trie; or long shared parts, where extensions come and go and equal nodes lie at several places. */
const KEYS: Readonly<Record<string, (index: number) => Uint8Array>> = {
  hashed: (index) => keccak256(bigintToBytes(BigInt(index), 2)),
  'with long shared parts': (index) => Uint8Array.of(0xab, index % 3, 0xcd, 0xef, index >> 3, 0x11, index % 8),
};

describe('what an update says to come and go', () => {
  test.each(Object.entries(KEYS))('is the difference between the tries: keys %s', (_name, keyOf) => {
    fc.assert(
      fc.property(fc.array(batch, { minLength: 2, maxLength: 8 }), (batches) => {
        const trie = new JournaledTrie();
        const distinct = new Set<string>();
        for (const entries of batches) {
          distinct.clear();
          const list = entries.map(([index, bytes]): readonly [Uint8Array, Uint8Array | null] => [
            keyOf(Number(index)),
            bytes,
          ]);
          trie.update(list.filter(([key]) => !distinct.has(bytesToHex(key)) && distinct.add(bytesToHex(key))));
        }
        trie.drop();
      }),
      { numRuns: 60 },
    );
  });

  test('of a layer, trie by trie, turns the nodes of the state before into those of the state after', () => {
    fc.assert(
      fc.property(fc.array(stateChanges, { minLength: 2, maxLength: 8 }), (list) => {
        const backend = createMemoryBackend();
        let state: StateSnapshot = EMPTY_STATE;
        const nodes = new NodeTable();
        const tries = new Map<string, Counts>();
        for (const changes of list) {
          const layer = createLayer(state, changes);
          backend.apply(layer);
          for (const { hash, rlp } of layer.nodes) nodes.add(hash, rlp);
          for (const { owner, added, removed } of layer.tries) {
            const counts = tries.get(owner ?? '') ?? new Map<string, number>();
            tries.set(owner ?? '', counts);
            for (const hash of removed) count(counts, hash, -1);
            for (const { hash } of added) count(counts, hash, 1);
          }
          state = openState(backend, layer.root);
          expect(sorted(tries.get('') ?? new Map())).toEqual(sorted(countsOf(nodes, layer.root)));
          for (let index = 0; index < 14; index++) {
            const address = addressOf(index);
            const root = state.account(address)?.storageRoot ?? EMPTY_TRIE_ROOT;
            expect(sorted(tries.get(address) ?? new Map())).toEqual(sorted(countsOf(nodes, root)));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
