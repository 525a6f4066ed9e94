import type { StateChanges } from '@heddle/state';
import type { Address, Hash } from '@heddle/types';
import type { AccountEntry } from './entries.ts';

/** Account fields that execution changes itself. */
export interface AccountValues {
  readonly nonce: bigint;
  /** Wei. */
  readonly balance: bigint;
  readonly codeHash: Hash;
}

/**
 * Final values of everything that differs from the parent state. An account whose storage alone changed is in
 * `accounts` too; one that ended empty is deleted (EIP-161), storage and all.
 */
export function collectChanges(entries: Iterable<AccountEntry>, newCodes: ReadonlyMap<Hash, Uint8Array>): StateChanges {
  const accounts = new Map<Address, AccountValues | null>();
  const storage = new Map<Address, ReadonlyMap<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  for (const entry of entries) {
    const words = changedWords(entry);
    if (!hasChanged(entry) && words.size === 0) continue;
    if (entry.isEmpty()) {
      if (entry.parent !== null) accounts.set(entry.address, null);
      continue;
    }
    accounts.set(entry.address, { nonce: entry.nonce, balance: entry.balance, codeHash: entry.codeHash });
    if (words.size > 0) storage.set(entry.address, words);
    const code = newCodes.get(entry.codeHash);
    if (code !== undefined && entry.codeHash !== entry.parent?.codeHash) codes.set(entry.codeHash, code);
  }
  return { accounts, storage, codes };
}

function hasChanged(entry: AccountEntry): boolean {
  const parent = entry.parent;
  if (parent === null) return !entry.isEmpty();
  return entry.nonce !== parent.nonce || entry.balance !== parent.balance || entry.codeHash !== parent.codeHash;
}

function changedWords(entry: AccountEntry): ReadonlyMap<bigint, bigint> {
  const words = new Map<bigint, bigint>();
  for (const slot of entry.slots.values()) {
    if (slot.value !== slot.parent) words.set(slot.slot, slot.value);
  }
  return words;
}
