import { keccak256Hex } from '@heddle/primitives';

import { rememberPlaces, residenceAmong } from '@heddle/sharding';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import type { StateOverride, StateOverrides } from '../types.ts';

const EMPTY_ACCOUNT: Account = { nonce: 0n, balance: 0n, storageRoot: EMPTY_TRIE_ROOT, codeHash: EMPTY_CODE_HASH };

/** A state with some accounts replaced in part. Nothing is written through. */
export function overrideState(base: StateReader, overrides: StateOverrides): StateReader {
  if (overrides.size === 0) return base;
  const codes = new Map<Hash, Uint8Array>();
  const accounts = new Map<Address, Account>();
  for (const [address, override] of overrides) {
    if (override.code !== null) codes.set(keccak256Hex(override.code), override.code);
    accounts.set(address, overrideAccount(base.account(address) ?? EMPTY_ACCOUNT, override));
  }
  return {
    account: (address) => accounts.get(address) ?? base.account(address),
    storage: (address, slot) => overriddenSlot(overrides.get(address), slot) ?? base.storage(address, slot),
    code: (codeHash) => codes.get(codeHash) ?? base.code(codeHash),
  };
}

/**
 * As `overrideState`, of all shards. An overridden account stands where it resides; that is its home for one that is
 * nowhere yet.
 */
export function overrideStates(states: readonly StateReader[], overrides: StateOverrides): readonly StateReader[] {
  if (overrides.size === 0) return states;
  const placeOf = rememberPlaces(states.length);
  const byShard = states.map(() => new Map<Address, StateOverride>());
  for (const [address, override] of overrides) {
    byShard[residenceAmong(states, address, placeOf)]?.set(address, override);
  }
  return states.map((state, shard) => overrideState(state, byShard[shard] ?? new Map()));
}

function overrideAccount(account: Account, override: StateOverride): Account {
  return {
    nonce: override.nonce ?? account.nonce,
    balance: override.balance ?? account.balance,
    storageRoot: account.storageRoot,
    codeHash: override.code === null ? account.codeHash : keccak256Hex(override.code),
  };
}

function overriddenSlot(override: StateOverride | undefined, slot: bigint): bigint | null {
  if (override === undefined) return null;
  if (override.state !== null) return override.state.get(slot) ?? 0n;
  return override.stateDiff?.get(slot) ?? null;
}
