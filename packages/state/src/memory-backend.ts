import type { Address, Hash } from '@heddle/types';
import type { StateUpdate } from './layer.ts';
import type { Account, StateBackend } from './reader.ts';
import { NodeTable } from './trie/node-table.ts';

/** One shard's final state in plain maps: for tests, tools and networks that keep nothing. */
export interface MemoryBackend extends StateBackend {
  /** Makes `update` final. Updates must come in chain order. */
  apply(update: StateUpdate): void;
}

/** An empty backend; make the genesis layer its first update. */
export function createMemoryBackend(): MemoryBackend {
  const accounts = new Map<Address, Account>();
  const storage = new Map<Address, Map<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  const nodes = new NodeTable();

  function applyStorage(address: Address, changed: ReadonlyMap<bigint, bigint>): void {
    const slots = storage.get(address) ?? new Map<bigint, bigint>();
    for (const [slot, value] of changed) {
      if (value === 0n) slots.delete(slot);
      else slots.set(slot, value);
    }
    if (slots.size === 0) storage.delete(address);
    else storage.set(address, slots);
  }

  function applyAccounts({ changes, storageRoots }: StateUpdate): void {
    for (const [address, storageRoot] of storageRoots) {
      const fields = changes.accounts.get(address) ?? accounts.get(address);
      if (fields === undefined || fields === null) continue;
      const { nonce, balance, codeHash } = fields;
      accounts.set(address, { nonce, balance, codeHash, storageRoot });
    }
    for (const [address, fields] of changes.accounts) {
      if (fields !== null) continue;
      accounts.delete(address);
      storage.delete(address);
    }
  }

  return {
    flatAccount: (address) => accounts.get(address) ?? null,
    flatStorage: (address, slot) => storage.get(address)?.get(slot) ?? 0n,
    code: (codeHash) => codes.get(codeHash),
    node: (_owner, hash) => nodes.get(hash),
    nodeAtHand: (hash) => nodes.get(hash),
    apply(update) {
      for (const [address, slots] of update.changes.storage) applyStorage(address, slots);
      applyAccounts(update);
      for (const [hash, code] of update.changes.codes) codes.set(hash, code);
      for (const { hash, rlp } of update.nodes) nodes.add(hash, rlp);
    },
  };
}
