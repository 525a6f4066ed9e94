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
 * `accounts` too; one that ended empty is deleted (EIP-161), storage and all, unless it is kept.
 */
export function collectChanges(entries: Iterable<AccountEntry>, newCodes: ReadonlyMap<Hash, Uint8Array>): StateChanges {
  const collected = new ChangeCollector(newCodes);
  for (const entry of entries) collected.add(entry);
  return collected;
}

/** As `collectChanges`, by shard: an account that moved is deleted where it was, and its code goes where it is. */
export function splitChanges(
  entries: Iterable<AccountEntry>,
  newCodes: ReadonlyMap<Hash, Uint8Array>,
  shardCount: number,
): readonly StateChanges[] {
  const parts = Array.from({ length: shardCount }, () => new ChangeCollector(newCodes));
  for (const entry of entries) {
    if (entry.shard !== entry.origin) parts[entry.origin]?.remove(entry);
    parts[entry.shard]?.add(entry);
  }
  return parts;
}

class ChangeCollector implements StateChanges {
  readonly accounts: Map<Address, AccountValues | null> = new Map();
  readonly storage: Map<Address, ReadonlyMap<bigint, bigint>> = new Map();
  readonly codes: Map<Hash, Uint8Array> = new Map();
  readonly #newCodes: ReadonlyMap<Hash, Uint8Array>;

  constructor(newCodes: ReadonlyMap<Hash, Uint8Array>) {
    this.#newCodes = newCodes;
  }

  add(entry: AccountEntry): void {
    const words = changedWords(entry);
    if (!hasChanged(entry) && words.size === 0) return;
    const { address } = entry;
    if (entry.isEmpty() && !entry.isKept) {
      if (entry.parent !== null) this.accounts.set(address, null);
      return;
    }
    this.accounts.set(address, { nonce: entry.nonce, balance: entry.balance, codeHash: entry.codeHash });
    if (words.size > 0) this.storage.set(address, words);
    const code = this.#newCodes.get(entry.codeHash);
    if (code !== undefined && entry.codeHash !== entry.parent?.codeHash) this.codes.set(entry.codeHash, code);
  }

  remove({ address, parent }: AccountEntry): void {
    if (parent !== null) this.accounts.set(address, null);
  }
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
