import type { StateReader } from '@heddle/state';
import { type Address, DIRECTORY_ADDRESS, type Placement, type ShardId } from '@heddle/types';
import { HOME_KEY_BITS, lowestKey, shardOfKey } from './home.ts';
import { DIRECTORY_SHARDS_SLOT, directorySlot, type StorageWrite } from './slots.ts';

/*
 * A directory word is 2^64 + home key: bit 64 says "listed" (the key may be 0), the key decides the shard. Keys rather
 * than shard numbers, so that a split changes no word: the shard count alone says who owns a key.
 */
const LISTED = 1n << HOME_KEY_BITS;

/** The word that lists a contract of `shard`: the shard's lowest key stands for it. */
export function encodeDirectoryWord(shard: ShardId, shardCount: number): bigint {
  return LISTED | lowestKey(shard, shardCount);
}

/** The shard that a directory word names; null when nothing is listed. */
export function decodeDirectoryWord(word: bigint, shardCount: number): ShardId | null {
  return (word & LISTED) === 0n ? null : shardOfKey(word & (LISTED - 1n), shardCount);
}

/** The shard on which `address` is listed as a contract; null when it is not. */
export function listedShard(state: StateReader, address: Address, shardCount: number): ShardId | null {
  return decodeDirectoryWord(state.storage(DIRECTORY_ADDRESS, directorySlot(address)), shardCount);
}

/** The word that lists `placement`; the caller has checked that nothing is listed yet. */
export function directoryWrite(placement: Placement, shardCount: number): StorageWrite {
  return {
    address: DIRECTORY_ADDRESS,
    slot: directorySlot(placement.address),
    value: encodeDirectoryWord(placement.shard, shardCount),
  };
}

/**
 * The words that every shard's genesis state holds: the shard count and the genesis contracts. `contracts` may come in
 * any order but must not name an address twice. Empty with one shard.
 */
export function genesisDirectoryWrites(contracts: readonly Placement[], shardCount: number): readonly StorageWrite[] {
  if (shardCount === 1) return [];
  const shards = { address: DIRECTORY_ADDRESS, slot: DIRECTORY_SHARDS_SLOT, value: BigInt(shardCount) };
  return [shards, ...contracts.map((contract) => directoryWrite(contract, shardCount))];
}
