import { ImpossibleStateError } from '@heddle/primitives';
import {
  CODE_REPLICAS,
  listingWrites,
  type PlaceOf,
  rememberPlaces,
  residenceAmong,
  type ShardWrite,
  WHOLE_REPLICAS,
} from '@heddle/sharding';
import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, type Hash, type ShardId } from '@heddle/types';
import type { AccountPlace } from './entries.ts';

/**
 * The states of all shards as one: an account is read where it resides. What every shard has of its own (`WHOLE_REPLICAS`,
 * the storage of `HISTORY_CONTRACTS`) is named by address, '@' and shard, so that each has an entry of its own.
 */
export class Union implements StateReader {
  readonly shardCount: number;
  readonly #states: readonly StateReader[];
  readonly #placeOf: PlaceOf;
  /** Where each account was found: it stays there as long as these states are read. */
  readonly #places: Map<Address, AccountPlace> = new Map();
  /** Where the code of an account that was read lies. */
  readonly #codes: Map<Hash, StateReader> = new Map();

  constructor(states: readonly StateReader[]) {
    this.shardCount = states.length;
    this.#states = states;
    this.#placeOf = rememberPlaces(states.length);
  }

  /** Which account code on `viewpoint` means by `address`: of what is replicated whole, its own shard's. */
  keyOf(address: Address, viewpoint: ShardId): Address {
    return WHOLE_REPLICAS.has(address) ? `${address}@${viewpoint}` : address;
  }

  /** The account that `shard` has of its own at a replicated address. Balance and nonce of code replicas are at home. */
  replicaKey(address: Address, shard: ShardId): Address {
    const isHome = CODE_REPLICAS.has(address) && this.#placeOf(address).home === shard;
    return isHome ? address : `${address}@${shard}`;
  }

  placeOf(key: Address): AccountPlace {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.#find(key);
    this.#places.set(key, place);
    return place;
  }

  #find(key: Address): AccountPlace {
    const replica = key.indexOf('@');
    if (replica === -1) return { address: key, key, shard: residenceAmong(this.#states, key, this.#placeOf) };
    return { address: `0x${key.slice(2, replica)}`, key, shard: Number(key.slice(replica + 1)) };
  }

  account(key: Address): Account | null {
    const { address, shard } = this.placeOf(key);
    const state = this.#state(shard);
    const account = state.account(address);
    if (account !== null && account.codeHash !== EMPTY_CODE_HASH) this.#codes.set(account.codeHash, state);
    return account;
  }

  storage(key: Address, slot: bigint): bigint {
    const { address, shard } = this.placeOf(key);
    return this.#state(shard).storage(address, slot);
  }

  /** The code of an account that was read here. */
  code(codeHash: Hash): Uint8Array {
    return (this.#codes.get(codeHash) ?? this.#state(0)).code(codeHash);
  }

  /** The directory's words for a contract that comes to life on `shard`. */
  listing(address: Address, shard: ShardId): readonly ShardWrite[] {
    return listingWrites(shard, this.shardCount, this.#placeOf(address));
  }

  #state(shard: ShardId): StateReader {
    const state = this.#states[shard];
    if (state === undefined) throw new ImpossibleStateError(`there is no shard ${shard}`);
    return state;
  }
}
