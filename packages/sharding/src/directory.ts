import { type Address, DIRECTORY_ADDRESS, type ShardId } from '@heddle/types';
import { HOME_KEY_BITS, home, lowestKey, shardOfKey } from './home.ts';
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

/** A contract of the genesis file and where it resides. */
export interface GenesisContract {
  readonly address: Address;
  readonly shard: ShardId;
}

/**
 * The directory's words in the genesis state of `shard`: the shard count, and every contract that resides on another shard
 * than its home, if either of the two is this one. `contracts` come in any order, no address twice. Empty with one shard.
 */
export function genesisDirectoryWrites(
  contracts: readonly GenesisContract[],
  shard: ShardId,
  shardCount: number,
): readonly StorageWrite[] {
  if (shardCount === 1) return [];
  const shards = { address: DIRECTORY_ADDRESS, slot: DIRECTORY_SHARDS_SLOT, value: BigInt(shardCount) };
  const listed = contracts.filter((contract) => {
    const atHome = home(contract.address, shardCount);
    return contract.shard !== atHome && (contract.shard === shard || atHome === shard);
  });
  const words = listed.map((contract) => ({
    address: DIRECTORY_ADDRESS,
    slot: directorySlot(contract.address),
    value: encodeDirectoryWord(contract.shard, shardCount),
  }));
  return [shards, ...words];
}
