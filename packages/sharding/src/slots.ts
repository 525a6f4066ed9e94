import { bigintToBytes, bytesToBigint, concatBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import { type Address, MAX_SHARDS, type ShardId } from '@heddle/types';

/*
 * Storage layout of the system contracts (packages/contracts), as the Solidity compiler reports it. The protocol reads
 * and writes these words itself; the contracts only show them.
 */

/** One storage word that a rule writes outside the EVM. */
export interface StorageWrite {
  readonly address: Address;
  readonly slot: bigint;
  readonly value: bigint;
}

/** Directory: `mapping(address => uint256) entries`. */
export const DIRECTORY_ENTRIES_SLOT = 0n;
/** Directory: `uint256 shards`. Unset means one shard. */
export const DIRECTORY_SHARDS_SLOT = 1n;
/** Messenger: `mapping(uint256 => uint256) nextSequence`, by destination. */
export const MESSENGER_SEQUENCES_SLOT = 0n;
/** Messenger: `mapping(uint256 => uint256) inboundCursor`, by source. */
export const MESSENGER_CURSORS_SLOT = 1n;

/** Solidity's slot of a mapping's entry: keccak256(key, 32 bytes ‖ mapping's slot, 32 bytes). */
function mappingSlot(key: bigint, mapping: bigint): bigint {
  return bytesToBigint(keccak256(concatBytes(bigintToBytes(key, 32), bigintToBytes(mapping, 32))));
}

/** The directory's word for `address`. */
export function directorySlot(address: Address): bigint {
  return mappingSlot(bytesToBigint(hexToBytes(address)), DIRECTORY_ENTRIES_SLOT);
}

/** The messenger's word that holds the next sequence to `destination`. */
export const sequenceSlot: (destination: ShardId) => bigint = rememberSlots(MESSENGER_SEQUENCES_SLOT);

/** The messenger's word that holds the next sequence expected from `source`. */
export const cursorSlot: (source: ShardId) => bigint = rememberSlots(MESSENGER_CURSORS_SLOT);

/** Slots by shard, hashed once: every chunk reads a cursor of every shard. At most MAX_SHARDS are kept. */
function rememberSlots(mapping: bigint): (shard: ShardId) => bigint {
  const remembered = new Map<ShardId, bigint>();
  return (shard) => {
    const known = remembered.get(shard);
    if (known !== undefined) return known;
    const slot = mappingSlot(BigInt(shard), mapping);
    if (remembered.size < MAX_SHARDS) remembered.set(shard, slot);
    return slot;
  };
}
