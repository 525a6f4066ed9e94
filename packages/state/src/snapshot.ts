import { bytesToHex, EMPTY_BYTES } from '@heddle/primitives';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import { accountKey, decodeAccount, decodeSlotValue, slotKey } from './account-codec.ts';
import { MissingCodeError, MissingNodeError } from './errors.ts';
import type { Account, StateBackend, StateSnapshot, TrieOwner } from './reader.ts';
import { readTrie } from './trie/read.ts';
import type { NodeSource } from './trie/update.ts';

/** The nodes of one of the state's tries. */
export function trieOf(snapshot: StateSnapshot, owner: TrieOwner): NodeSource {
  return {
    node: (hash) => snapshot.node(owner, hash),
    nodeAtHand: (hash) => snapshot.nodeAtHand(hash),
  };
}

abstract class BackendSnapshot {
  readonly root: Hash;
  protected readonly backend: StateBackend;

  constructor(backend: StateBackend, root: Hash) {
    this.backend = backend;
    this.root = root;
  }

  code(codeHash: Hash): Uint8Array {
    if (codeHash === EMPTY_CODE_HASH) return EMPTY_BYTES;
    const code = this.backend.code(codeHash);
    if (code === undefined) throw new MissingCodeError(codeHash);
    return code;
  }

  node(owner: TrieOwner, hash: Uint8Array): Uint8Array {
    const node = this.backend.node(owner, hash);
    if (node === undefined) throw new MissingNodeError(bytesToHex(hash));
    return node;
  }

  nodeAtHand(hash: Uint8Array): Uint8Array | undefined {
    return this.backend.nodeAtHand(hash);
  }
}

class FlatSnapshot extends BackendSnapshot implements StateSnapshot {
  account(address: Address): Account | null {
    return this.backend.flatAccount(address);
  }

  storage(address: Address, slot: bigint): bigint {
    return this.backend.flatStorage(address, slot);
  }
}

class HistoricSnapshot extends BackendSnapshot implements StateSnapshot {
  account(address: Address): Account | null {
    const value = readTrie(trieOf(this, null), this.root, accountKey(address));
    return value === null ? null : decodeAccount(value);
  }

  storage(address: Address, slot: bigint): bigint {
    const storageRoot = this.account(address)?.storageRoot ?? EMPTY_TRIE_ROOT;
    const value = readTrie(trieOf(this, address), storageRoot, slotKey(slot));
    return value === null ? 0n : decodeSlotValue(value);
  }
}

const NOTHING: StateBackend = {
  flatAccount: () => null,
  flatStorage: () => 0n,
  code: () => undefined,
  node: () => undefined,
  nodeAtHand: () => undefined,
};

/** State without accounts, root `EMPTY_TRIE_ROOT`. */
export const EMPTY_STATE: StateSnapshot = new FlatSnapshot(NOTHING, EMPTY_TRIE_ROOT);

/**
 * The backend's newest final state, `root` being its root. Flat reads follow the backend: once it has moved on, this
 * snapshot is only good as the base of layers above the new head; older states are read with `openHistoricState`.
 */
export function openState(backend: StateBackend, root: Hash): StateSnapshot {
  return new FlatSnapshot(backend, root);
}

/**
 * Any final state whose nodes the backend has: every read walks the trie from `root`. It stays good for as long as the
 * backend keeps that state; then reads throw `MissingNodeError`.
 */
export function openHistoricState(backend: StateBackend, root: Hash): StateSnapshot {
  return new HistoricSnapshot(backend, root);
}
