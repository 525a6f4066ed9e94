import { bytesToHex, concatBytes, keccak256, utf8ToBytes } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import type { Address, ShardId } from '@heddle/types';
import { indexBytes } from './index-bytes.ts';

const RECIPIENT_SEED = utf8ToBytes('heddle devnet fee recipient');

/**
 * The COINBASE of each validator on each shard, at home there: fees are credited in the chunk itself and need no
 * message to another shard. By validator, then shard. Nobody has keys to these addresses.
 */
export function devnetFeeRecipients(validatorCount: number, shardCount: number): readonly (readonly Address[])[] {
  return Array.from({ length: validatorCount }, (_, validator) =>
    Array.from({ length: shardCount }, (_unused, shard) => feeRecipient(validator, shard, shardCount)),
  );
}

/** The first address of the sequence that is at home on `shard`; every S-th is, on average. */
function feeRecipient(validator: number, shard: ShardId, shardCount: number): Address {
  const seed = concatBytes(RECIPIENT_SEED, indexBytes(validator), indexBytes(shard));
  for (let attempt = 0; ; attempt += 1) {
    const address = bytesToHex(keccak256(concatBytes(seed, indexBytes(attempt))).subarray(12));
    if (home(address, shardCount) === shard) return address;
  }
}
