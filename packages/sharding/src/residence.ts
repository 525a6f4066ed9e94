import type { StateReader } from '@heddle/state';
import { type Address, DIRECTORY_ADDRESS, type ShardId } from '@heddle/types';
import { decodeDirectoryWord, encodeDirectoryWord } from './directory.ts';
import { home } from './home.ts';
import { MAX_REMEMBERED_ADDRESSES } from './limits.ts';
import { CODE_REPLICAS, WHOLE_REPLICAS } from './replicated.ts';
import { directorySlot, type StorageWrite } from './slots.ts';

/*
 * An account that is not empty is where it resides, and nowhere else. So only an address without anything asks for the
 * directory: a contract that was created on another shard than its home is listed in two words, at its home and at its
 * residence, and nobody else is told.
 */

/** Everything about an address that only hashing tells. */
export interface AddressPlace {
  readonly home: ShardId;
  /** The directory's word for it. */
  readonly slot: bigint;
}

/** Looks places up for one shard count; remembers them, two keccaks each, since they never change. */
export type PlaceOf = (address: Address) => AddressPlace;

export function rememberPlaces(shardCount: number): PlaceOf {
  const remembered = new Map<Address, AddressPlace>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const place = { home: home(address, shardCount), slot: directorySlot(address) };
    if (remembered.size >= MAX_REMEMBERED_ADDRESSES) remembered.clear();
    remembered.set(address, place);
    return place;
  };
}

/**
 * Where balance and nonce of `address` are, as `shard` can tell by its own state: exact for its residents and for those
 * whose home it is; of all others it knows their home only. Reads what is not charged and in no access list.
 */
export function residenceSeenFrom(
  shard: ShardId,
  shardCount: number,
  state: StateReader,
  address: Address,
  placeOf: PlaceOf,
): ShardId {
  if (shardCount === 1 || WHOLE_REPLICAS.has(address)) return shard;
  if (CODE_REPLICAS.has(address)) return placeOf(address).home;
  // Most accounts that are asked for are here: only for others it is worth to hash.
  if (state.account(address) !== null) return shard;
  const { home, slot } = placeOf(address);
  return decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, slot), shardCount) ?? home;
}

/** Where balance and nonce of `address` are, by the states of all shards, in shard order. Not for `WHOLE_REPLICAS`. */
export function residenceAmong(states: readonly StateReader[], address: Address, placeOf: PlaceOf): ShardId {
  if (states.length === 1) return 0;
  const { home, slot } = placeOf(address);
  const state = states[home];
  if (state === undefined || CODE_REPLICAS.has(address) || state.account(address) !== null) return home;
  return decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, slot), states.length) ?? home;
}

/** A word of one shard's state that a rule writes outside the EVM. */
export interface ShardWrite extends StorageWrite {
  readonly shard: ShardId;
}

/** The two words that list a contract of `residence` at its place, home first; none where that is its home. */
export function listingWrites(
  residence: ShardId,
  shardCount: number,
  { home, slot }: AddressPlace,
): readonly ShardWrite[] {
  if (residence === home) return [];
  const value = encodeDirectoryWord(residence, shardCount);
  return [home, residence].map((shard) => ({ shard, address: DIRECTORY_ADDRESS, slot, value }));
}
