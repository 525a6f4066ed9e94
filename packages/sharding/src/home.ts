import { bytesToBigint, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address, ShardId } from '@heddle/types';

/** Bits of a home key. */
export const HOME_KEY_BITS = 64n;

/** Where an address lies in the hashed key space: the first eight bytes of keccak256(address), `0 … 2^64 − 1`. */
export function homeKey(address: Address): bigint {
  return bytesToBigint(keccak256(hexToBytes(address)).subarray(0, 8));
}

/** The shard that owns a home key: floor(S · key / 2^64). */
export function shardOfKey(key: bigint, shardCount: number): ShardId {
  return Number((BigInt(shardCount) * key) >> HOME_KEY_BITS);
}

/** The lowest home key that `shard` owns: ceil(shard · 2^64 / S). */
export function lowestKey(shard: ShardId, shardCount: number): bigint {
  const shards = BigInt(shardCount);
  return ((BigInt(shard) << HOME_KEY_BITS) + shards - 1n) / shards;
}

/** The shard where an externally owned account resides, and where value to an unknown address goes. */
export function home(address: Address, shardCount: number): ShardId {
  return shardOfKey(homeKey(address), shardCount);
}
