import type { Address, Hash } from '@heddle/types';

/** An account as the trie holds it. */
export interface Account {
  readonly nonce: bigint;
  /** Wei. */
  readonly balance: bigint;
  readonly storageRoot: Hash;
  readonly codeHash: Hash;
}

/** Synchronous reads of one shard's state at one point. Never changes under the reader during one synchronous run. */
export interface StateReader {
  /** `null` when the account does not exist. */
  account(address: Address): Account | null;
  /** 0n when the slot is not set. */
  storage(address: Address, slot: bigint): bigint;
  /** Code by its hash; empty for keccak256(''). Throws `MissingCodeError` for a hash that is not stored. */
  code(codeHash: Hash): Uint8Array;
}

/** Final values of what a chunk changed. Keys are in no particular order; nothing hashed may depend on it. */
export interface StateChanges {
  /** `null` deletes the account with its storage. `storageRoot` is recomputed by the trie, hence absent. */
  readonly accounts: ReadonlyMap<
    Address,
    { readonly nonce: bigint; readonly balance: bigint; readonly codeHash: Hash } | null
  >;
  /** 0n deletes the slot. */
  readonly storage: ReadonlyMap<Address, ReadonlyMap<bigint, bigint>>;
  readonly codes: ReadonlyMap<Hash, Uint8Array>;
}

/** Which trie a node is of: an account's storage trie, or (null) the trie of all accounts. */
export type TrieOwner = Address | null;

/** State with a known root, from which a next state can be derived. */
export interface StateSnapshot extends StateReader {
  readonly root: Hash;
  /** RLP of the node with this hash of the owner's trie. Throws `MissingNodeError`. */
  node(owner: TrieOwner, hash: Uint8Array): Uint8Array;
  /** As `node`, without waiting for a disk: `undefined` = it is not in memory. */
  nodeAtHand(hash: Uint8Array): Uint8Array | undefined;
}

/** What the state needs from a store: one shard's final flat state, nodes by trie and hash, code by hash. */
export interface StateBackend {
  flatAccount(address: Address): Account | null;
  flatStorage(address: Address, slot: bigint): bigint;
  code(codeHash: Hash): Uint8Array | undefined;
  /** Nobody writes to what it gives. A store may keep equal nodes of different tries apart. */
  node(owner: TrieOwner, hash: Uint8Array): Uint8Array | undefined;
  /** The node if it lies in memory, of whichever trie: one hash, one content. */
  nodeAtHand(hash: Uint8Array): Uint8Array | undefined;
}
