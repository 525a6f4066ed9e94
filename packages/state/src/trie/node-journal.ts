import { HASH_BYTES } from '@heddle/primitives';
import type { TrieOwner } from '../reader.ts';
import { type HashedNode, NodeTable } from './node-table.ts';

/** Where an update says what it makes of a trie. */
export interface NodeSink {
  /** Where the next node may be written, if it has `length` bytes: it is there once it is kept. */
  draft(length: number): Uint8Array;
  /** The trie has the node now that was written to the last draft, which had this length. */
  keep(hash: Uint8Array, length: number): void;
  /** A place of the trie no longer has the node that it had. */
  drop(hash: Uint8Array): void;
}

/**
 * What an update makes of one trie: the nodes that it has afterwards without `removed` and with `added` are those of the
 * new root, each place counted. In a secure trie no node is at two places at a time: below both lie keys whose hashes
 * would have to end in the same bits, more than 200 of them for any trie that can be built.
 */
export interface TrieDelta {
  readonly owner: TrieOwner;
  readonly added: Iterable<HashedNode>;
  /** Hashes: views, not to be written to. */
  readonly removed: Iterable<Uint8Array>;
}

/** Of several tries, each at most once. */
export interface TrieDeltas extends Iterable<TrieDelta> {
  readonly removedCount: number;
}

/** Only collects nodes. */
export function intoTable(nodes: NodeTable): NodeSink {
  return {
    draft: (length) => nodes.draft(length),
    keep: (hash, length) => {
      nodes.keep(hash, length);
    },
    drop: () => {},
  };
}

interface TrieEnd {
  readonly owner: TrieOwner;
  readonly addedEnd: number;
  readonly removedEnd: number;
}

const FIRST_HASHES = 16;

/**
 * The new nodes of an update of many tries, each once (equal storage tries share them), and trie by trie what came and
 * went. Packed: thousands of accounts have a storage trie with a handful of changes each.
 */
export class NodeJournal implements NodeSink, TrieDeltas {
  readonly nodes: NodeTable;
  /** Names of nodes in the table. */
  readonly #added: number[] = [];
  #removed: Uint8Array = new Uint8Array(FIRST_HASHES * HASH_BYTES);
  #removedCount = 0;
  readonly #tries: TrieEnd[] = [];

  /** `expected` nodes fit without the table being made anew. */
  constructor(expected: number) {
    this.nodes = new NodeTable(expected);
  }

  get removedCount(): number {
    return this.#removedCount;
  }

  draft(length: number): Uint8Array {
    return this.nodes.draft(length);
  }

  keep(hash: Uint8Array, length: number): void {
    this.#added.push(this.nodes.keep(hash, length));
  }

  drop(hash: Uint8Array): void {
    const at = this.#removedCount * HASH_BYTES;
    if (at === this.#removed.length) {
      const larger = new Uint8Array(2 * this.#removed.length);
      larger.set(this.#removed);
      this.#removed = larger;
    }
    this.#removed.set(hash, at);
    this.#removedCount++;
  }

  /** What was kept and dropped since the last one was of `owner`'s trie. */
  endTrie(owner: TrieOwner): void {
    const last = this.#tries.at(-1);
    const addedEnd = this.#added.length;
    const removedEnd = this.#removedCount;
    if (addedEnd === (last?.addedEnd ?? 0) && removedEnd === (last?.removedEnd ?? 0)) return;
    this.#tries.push({ owner, addedEnd, removedEnd });
  }

  *[Symbol.iterator](): Iterator<TrieDelta> {
    let addedStart = 0;
    let removedStart = 0;
    for (const { owner, addedEnd, removedEnd } of this.#tries) {
      yield {
        owner,
        added: this.#addedIn(addedStart, addedEnd),
        removed: this.#removedIn(removedStart, removedEnd),
      };
      addedStart = addedEnd;
      removedStart = removedEnd;
    }
  }

  #addedIn(start: number, end: number): Iterable<HashedNode> {
    return this.#added.slice(start, end).map((name) => this.nodes.at(name));
  }

  *#removedIn(start: number, end: number): Generator<Uint8Array> {
    for (let i = start; i < end; i++) yield this.#removed.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
  }
}
