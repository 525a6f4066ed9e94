import { bigintToBytes, bytesToBigint, concatBytes, hexToBytes, keccak256 } from '@heddle/primitives';
import type { Address, ShardId } from '@heddle/types';

/*
 * Storage layout of the system contracts (packages/contracts), as the Solidity compiler reports it. The protocol reads
 * and writes these words itself; the contracts only show them.
 */

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
export function sequenceSlot(destination: ShardId): bigint {
  return mappingSlot(BigInt(destination), MESSENGER_SEQUENCES_SLOT);
}

/** The messenger's word that holds the next sequence expected from `source`. */
export function cursorSlot(source: ShardId): bigint {
  return mappingSlot(BigInt(source), MESSENGER_CURSORS_SLOT);
}
