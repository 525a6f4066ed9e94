import { keccak256Hex } from '@heddle/primitives';
import type { StateChanges, StateReader } from '@heddle/state';
import { type AccountAccess, type Address, type BlockAccessList, EMPTY_CODE_HASH, type Hash } from '@heddle/types';
import type { AccountValues } from '../world/changes.ts';

/**
 * Final values of everything that differs from `state` after a chunk with this access list: what `World.changes` says at
 * the end of executing it, if the list is right.
 */
export function changesOf(list: BlockAccessList, state: StateReader): StateChanges {
  const accounts = new Map<Address, AccountValues | null>();
  const storage = new Map<Address, ReadonlyMap<bigint, bigint>>();
  const codes = new Map<Hash, Uint8Array>();
  for (const access of list) {
    if (!changesAnything(access)) continue;
    const { address } = access;
    const parent = state.account(address);
    const code = access.codeChanges.at(-1)?.code;
    const codeHash = code === undefined ? (parent?.codeHash ?? EMPTY_CODE_HASH) : hashCode(code);
    const nonce = access.nonceChanges.at(-1)?.nonce ?? parent?.nonce ?? 0n;
    const balance = access.balanceChanges.at(-1)?.balance ?? parent?.balance ?? 0n;
    const words = finalWords(access, state);
    if (nonce === 0n && balance === 0n && codeHash === EMPTY_CODE_HASH) {
      // EIP-161: an empty account is none.
      if (parent !== null) accounts.set(address, null);
      continue;
    }
    const isChanged = nonce !== parent?.nonce || balance !== parent.balance || codeHash !== parent.codeHash;
    if (!isChanged && words.size === 0) continue;
    accounts.set(address, { nonce, balance, codeHash });
    if (words.size > 0) storage.set(address, words);
    if (code !== undefined && code.length > 0 && codeHash !== parent?.codeHash) codes.set(codeHash, code);
  }
  return { accounts, storage, codes };
}

function changesAnything(access: AccountAccess): boolean {
  const { storageChanges, balanceChanges, nonceChanges, codeChanges } = access;
  return storageChanges.length + balanceChanges.length + nonceChanges.length + codeChanges.length > 0;
}

function hashCode(code: Uint8Array): Hash {
  return code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
}

/** A word that went back to what it was is no change. */
function finalWords({ address, storageChanges }: AccountAccess, state: StateReader): ReadonlyMap<bigint, bigint> {
  const words = new Map<bigint, bigint>();
  for (const { slot, changes } of storageChanges) {
    const value = changes.at(-1)?.value;
    if (value !== undefined && value !== state.storage(address, slot)) words.set(slot, value);
  }
  return words;
}
