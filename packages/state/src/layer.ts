import { assert, EMPTY_BYTES, withoutPauses } from '@heddle/primitives';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { accountKey, encodeAccount, encodeSlotValue, slotKey } from './account-codec.ts';
import { MERGE_INTERVAL_LAYERS, NODES_PER_ACCOUNT, STEP_ENTRIES } from './limits.ts';
import type { Account, StateChanges, StateSnapshot, TrieOwner } from './reader.ts';
import { mergeSegments, type Segment, segmentStorage } from './segment.ts';
import { EMPTY_STATE, trieOf } from './snapshot.ts';
import { Arena } from './trie/arena.ts';
import { NodeJournal, type TrieDeltas } from './trie/node-journal.ts';
import type { NodeSet } from './trie/node-table.ts';
import type { TrieEntry } from './trie/sort.ts';
import { dropTrieInSteps, updateTrieInSteps } from './trie/update.ts';

/** What a change of state adds to a store. */
export interface StateUpdate {
  readonly changes: StateChanges;
  /** Storage root after the change of every account in the update that still exists. */
  readonly storageRoots: ReadonlyMap<Address, Hash>;
  /** New trie nodes, of the account trie and of storage tries, each once. */
  readonly nodes: NodeSet;
  /** What came and went, trie by trie. */
  readonly tries: TrieDeltas;
}

/** State after one chunk, in memory, over the state before it. */
export interface StateLayer extends StateSnapshot, StateUpdate {
  /**
   * To be called once the parent is final in the store: `base` is that state (`openState` on the store). From then on
   * reads that this layer cannot answer go there, and the layers below can be freed. The base's root must be the
   * parent's. Layers that were built on a sibling of a final block are dead and must not be read any more.
   */
  rebase(base: StateSnapshot): void;
  /** The same layer on another copy of its parent, which has the same root. What it changes is shared, and kept once. */
  on(parent: StateSnapshot): StateLayer;
}

/** Largest power of two that divides `n`, for n ≥ 1. */
function lowestBit(n: number): number {
  let bit = 1;
  while (n % (bit * 2) === 0) bit *= 2;
  return bit;
}

class Layer implements StateLayer {
  readonly root: Hash;
  readonly changes: StateChanges;
  readonly storageRoots: ReadonlyMap<Address, Hash>;
  readonly nodes: NodeSet;
  readonly tries: TrieDeltas;
  readonly #parentRoot: Hash;
  readonly #own: Segment;
  /** Changes of this layer, and of as many below as its place in the chain says. */
  #span: Segment;
  /** The layer right below the span. */
  #below: Layer | null;
  /** What lies below the span when no layer does. */
  #base: StateSnapshot;
  #parent: Layer | null;
  /** Place in the chain, from 1. */
  readonly #sequence: number;

  constructor(parent: StateSnapshot, root: Hash, update: StateUpdate, own: Segment) {
    this.root = root;
    this.changes = update.changes;
    this.storageRoots = update.storageRoots;
    this.nodes = update.nodes;
    this.tries = update.tries;
    this.#own = own;
    this.#parentRoot = parent.root;
    this.#parent = parent instanceof Layer ? parent : null;
    this.#sequence = this.#parent === null ? 1 : this.#parent.#sequence + 1;
    this.#base = parent;
    const bit = lowestBit(this.#sequence);
    const segments = [own];
    let below = this.#parent;
    for (; below !== null && bit >= MERGE_INTERVAL_LAYERS && segments.length < bit; below = below.#parent) {
      segments.push(below.#own);
      this.#base = below.#base;
    }
    this.#below = below;
    this.#span = segments.length === 1 ? own : mergeSegments(segments.reverse());
  }

  account(address: Address): Account | null {
    for (let layer: Layer = this; ; layer = layer.#below) {
      const account = layer.#span.accounts.get(address);
      if (account !== undefined) return account;
      if (layer.#below === null) return layer.#base.account(address);
    }
  }

  storage(address: Address, slot: bigint): bigint {
    for (let layer: Layer = this; ; layer = layer.#below) {
      const value = segmentStorage(layer.#span, address, slot);
      if (value !== undefined) return value;
      if (layer.#below === null) return layer.#base.storage(address, slot);
    }
  }

  code(codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    for (let layer: Layer = this; ; layer = layer.#below) {
      const code = layer.#span.codes.get(codeHash);
      if (code !== undefined) return code;
      if (layer.#below === null) return layer.#base.code(codeHash);
    }
  }

  /** Every layer keeps its own nodes only: to merge them would copy them all, and a table says quickly what it lacks. */
  node(owner: TrieOwner, hash: Uint8Array): Uint8Array {
    for (let layer: Layer = this; ; layer = layer.#parent) {
      const node = layer.nodes.get(hash);
      if (node !== undefined) return node;
      if (layer.#parent === null) return layer.#base.node(owner, hash);
    }
  }

  nodeAtHand(hash: Uint8Array): Uint8Array | undefined {
    for (let layer: Layer = this; ; layer = layer.#parent) {
      const node = layer.nodes.get(hash);
      if (node !== undefined) return node;
      if (layer.#parent === null) return layer.#base.nodeAtHand(hash);
    }
  }

  rebase(base: StateSnapshot): void {
    assert(base.root === this.#parentRoot, 'a layer is rebased onto the state of its parent');
    this.#base = base;
    this.#parent = null;
    this.#below = null;
    this.#span = this.#own;
  }

  on(parent: StateSnapshot): StateLayer {
    assert(parent.root === this.#parentRoot, 'a layer stands on the state of its parent');
    return new Layer(parent, this.root, this, this.#own);
  }
}

function* storageEntries(slots: ReadonlyMap<bigint, bigint>): Generator<void, readonly TrieEntry[]> {
  const entries: TrieEntry[] = [];
  for (const [slot, value] of slots) {
    entries.push({ key: slotKey(slot), value: value === 0n ? null : encodeSlotValue(value), before: null });
    if (entries.length % STEP_ENTRIES === 0) yield;
  }
  return entries;
}

/** Every account that changes, once. */
function* changedAddresses({ accounts, storage }: StateChanges): Generator<Address> {
  yield* accounts.keys();
  for (const [address, slots] of storage) if (slots.size > 0 && !accounts.has(address)) yield address;
}

/** Storage written to an account that does not exist may only clear slots; that changes nothing. */
function assertOnlyCleared(slots: ReadonlyMap<bigint, bigint> | undefined): void {
  if (slots === undefined) return;
  for (const value of slots.values()) assert(value === 0n, 'storage is written only to accounts that exist');
}

/**
 * The state after `changes`, with Ethereum's root. The order of the changes makes no difference. An account that is
 * deleted loses its storage; slots written to it must be 0. Throws `MissingNodeError` where the parent lacks nodes.
 *
 * Pauses behind every `STEP_ENTRIES` or so, for a caller with other things to do; `changes` and `parent` must not change
 * until the end. The result does not depend on who else runs meanwhile.
 */
export function* createLayerInSteps(parent: StateSnapshot, changes: StateChanges): Generator<void, StateLayer> {
  const journal = new NodeJournal(NODES_PER_ACCOUNT * changes.accounts.size);
  const storageRoots = new Map<Address, Hash>();
  const accounts = new Map<Address, Account | null>();
  const wiped = new Set<Address>();
  const entries: TrieEntry[] = [];
  const arena = new Arena();
  let work = 0;
  for (const address of changedAddresses(changes)) {
    const change = changes.accounts.get(address);
    const slots = changes.storage.get(address);
    const before = parent.account(address);
    const fields = change === undefined ? before : change;
    const encodeBefore = before === null ? null : (): Uint8Array => encodeAccount(before, arena);
    work += 1 + (slots?.size ?? 0);
    if (work > STEP_ENTRIES) {
      work = 0;
      yield;
    }
    if (fields === null) {
      assertOnlyCleared(slots);
      yield* dropTrieInSteps(trieOf(parent, address), before?.storageRoot ?? EMPTY_TRIE_ROOT, journal);
      journal.endTrie(address);
      wiped.add(address);
      accounts.set(address, null);
      entries.push({ key: accountKey(address), value: null, before: encodeBefore });
      continue;
    }
    let storageRoot = before?.storageRoot ?? EMPTY_TRIE_ROOT;
    if (slots !== undefined) {
      const source = trieOf(parent, address);
      storageRoot = yield* updateTrieInSteps(source, storageRoot, yield* storageEntries(slots), journal);
      journal.endTrie(address);
    }
    const { nonce, balance, codeHash } = fields;
    const account = { nonce, balance, storageRoot, codeHash };
    storageRoots.set(address, storageRoot);
    accounts.set(address, account);
    entries.push({ key: accountKey(address), value: encodeAccount(account, arena), before: encodeBefore });
  }
  const root = yield* updateTrieInSteps(trieOf(parent, null), parent.root, entries, journal);
  journal.endTrie(null);
  const own = { accounts, storage: changes.storage, wiped, codes: changes.codes };
  return new Layer(parent, root, { changes, storageRoots, nodes: journal.nodes, tries: journal }, own);
}

/** As `createLayerInSteps`, without pauses. */
export function createLayer(parent: StateSnapshot, changes: StateChanges): StateLayer {
  return withoutPauses(createLayerInSteps(parent, changes));
}

/** The first state: `changes` on the empty state. */
export function genesisLayer(changes: StateChanges): StateLayer {
  return createLayer(EMPTY_STATE, changes);
}
