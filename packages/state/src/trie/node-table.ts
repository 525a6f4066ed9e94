/**
 * Trie nodes by hash, packed: length, hash and RLP lie one behind the other in slabs, and an index of numbers finds
 * them. A state of a million accounts has some 1.3 million nodes; in a map of strings to arrays each takes several
 * hundred bytes beside its own, and a good part of a microsecond to make.
 */
import { HASH_BYTES, ImpossibleStateError } from '@heddle/primitives';
import { FIRST_TABLE_NODES, LAST_SLAB_BYTES } from '../limits.ts';
import { nextSlabBytes } from './arena.ts';

/** One node with its hash, 32 bytes. Views of the set's memory: not to be written to. */
export interface HashedNode {
  readonly hash: Uint8Array;
  readonly rlp: Uint8Array;
}

/** Nodes by hash, in the order in which they were made. */
export interface NodeSet extends Iterable<HashedNode> {
  readonly size: number;
  get(hash: Uint8Array): Uint8Array | undefined;
}

/** Length of the RLP, then the hash. */
const HEAD_BYTES = 4 + HASH_BYTES;
/** Records begin at multiples of this, and are named by the multiple: so 32 bits reach 16 GiB. */
const ALIGNMENT = 4;
/** Names that a slab takes, however short it is; a longer one holds a single record. */
const NAMES_PER_SLAB: number = LAST_SLAB_BYTES / ALIGNMENT;
const MAX_SLABS: number = 2 ** 32 / NAMES_PER_SLAB - 1;

/** A set that nodes are added to. Nothing is ever removed. */
export class NodeTable implements NodeSet {
  readonly #slabs: Uint8Array[] = [];
  /** Bytes in use of each slab but the last. */
  readonly #ends: number[] = [];
  #slab: Uint8Array = new Uint8Array(0);
  /** Bytes of the last slab in use. */
  #used = 0;
  #slabBytes = 0;
  /** Name of a record + 1; 0 = free. At most half of it is taken. */
  #index: Uint32Array;
  #size = 0;

  /** `expected` nodes fit without the index being made anew; more are as welcome. */
  constructor(expected: number = FIRST_TABLE_NODES) {
    this.#index = new Uint32Array(2 ** Math.ceil(Math.log2(2 * Math.max(expected, FIRST_TABLE_NODES))));
  }

  get size(): number {
    return this.#size;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.#slabBytes + this.#index.byteLength;
  }

  get(hash: Uint8Array): Uint8Array | undefined {
    const name = this.#index[this.#find(hash)] ?? 0;
    if (name === 0) return undefined;
    const slab = this.#slabOf(name - 1);
    return rlpAt(slab, offsetOf(name - 1));
  }

  add(hash: Uint8Array, rlp: Uint8Array): void {
    this.draft(rlp.length).set(rlp);
    this.keep(hash, rlp.length);
  }

  /** Where the next node may be written, if it has `length` bytes: it is there once it is kept. */
  draft(length: number): Uint8Array {
    if (this.#used + HEAD_BYTES + length > this.#slab.length) this.#grow(HEAD_BYTES + length);
    const start = this.#used + HEAD_BYTES;
    return this.#slab.subarray(start, start + length);
  }

  /** Adds what was written to the last draft, which had this length. Gives the name by which `at` finds it. */
  keep(hash: Uint8Array, length: number): number {
    const position = this.#find(hash);
    const known = this.#index[position] ?? 0;
    if (known !== 0) return known - 1;
    const slab = this.#slab;
    const offset = this.#used;
    for (let i = 0; i < 4; i++) slab[offset + i] = length >>> (8 * (3 - i));
    slab.set(hash, offset + 4);
    this.#used = endOf(offset, length);
    const name = (this.#slabs.length - 1) * NAMES_PER_SLAB + offset / ALIGNMENT;
    this.#index[position] = name + 1;
    this.#size++;
    if (2 * this.#size > this.#index.length) this.#reindex();
    return name;
  }

  /** The node that `keep` gave this name. */
  at(name: number): HashedNode {
    return nodeAt(this.#slabOf(name), offsetOf(name));
  }

  *[Symbol.iterator](): Iterator<HashedNode> {
    for (const [number, slab] of this.#slabs.entries()) {
      const end = this.#ends[number] ?? this.#used;
      for (let at = 0; at < end; ) {
        const node = nodeAt(slab, at);
        yield node;
        at = endOf(at, node.rlp.length);
      }
    }
  }

  #slabOf(name: number): Uint8Array {
    return this.#slabs[Math.floor(name / NAMES_PER_SLAB)] ?? this.#slab;
  }

  #grow(needed: number): void {
    if (this.#slabs.length >= MAX_SLABS) throw new ImpossibleStateError('a table of trie nodes holds at most 16 GiB');
    if (this.#slabs.length > 0) this.#ends.push(this.#used);
    this.#slab = new Uint8Array(nextSlabBytes(this.#slab.length, needed));
    this.#slabs.push(this.#slab);
    this.#slabBytes += this.#slab.length;
    this.#used = 0;
  }

  /**
   * The position in the index where `hash` is, or would be. The step from one position to the next is a part of the
   * hash too: who wants to make the way long must find nodes that agree in 64 bits, not in a few.
   */
  #find(hash: Uint8Array): number {
    const mask = this.#index.length - 1;
    const step = word(hash, 4) | 1;
    for (let position = word(hash, 0) & mask; ; position = (position + step) & mask) {
      const name = this.#index[position] ?? 0;
      if (name === 0 || hasHash(this.#slabOf(name - 1), offsetOf(name - 1), hash)) return position;
    }
  }

  #reindex(): void {
    const index = new Uint32Array(2 * this.#index.length);
    const mask = index.length - 1;
    for (const name of this.#index) {
      if (name === 0) continue;
      const slab = this.#slabOf(name - 1);
      const at = offsetOf(name - 1) + 4;
      const step = word(slab, at + 4) | 1;
      let position = word(slab, at) & mask;
      while (index[position] !== 0) position = (position + step) & mask;
      index[position] = name;
    }
    this.#index = index;
  }
}

/** Offset in its slab of the record with this name. */
function offsetOf(name: number): number {
  return (name % NAMES_PER_SLAB) * ALIGNMENT;
}

/** Where the record behind the one at `offset` begins. */
function endOf(offset: number, length: number): number {
  return Math.ceil((offset + HEAD_BYTES + length) / ALIGNMENT) * ALIGNMENT;
}

function nodeAt(slab: Uint8Array, offset: number): HashedNode {
  return { hash: slab.subarray(offset + 4, offset + HEAD_BYTES), rlp: rlpAt(slab, offset) };
}

function rlpAt(slab: Uint8Array, offset: number): Uint8Array {
  const start = offset + HEAD_BYTES;
  return slab.subarray(start, start + word(slab, offset));
}

function hasHash(slab: Uint8Array, offset: number, hash: Uint8Array): boolean {
  for (let i = 0; i < HASH_BYTES; i++) if (slab[offset + 4 + i] !== hash[i]) return false;
  return true;
}

/** Four bytes as a signed number: of a hash only the bits matter, and a length is below 2^31. */
function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}
