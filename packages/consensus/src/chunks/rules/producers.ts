import { assert, bigintToBytes, concatBytes, keccak256 } from '@heddle/primitives';
import type { ShardId, ValidatorIndex } from '@heddle/types';
import { seededPermutation } from '../../engine/leaders.ts';

/** The set in one epoch's order for each shard, by shard: who builds its chunks in turn. */
export type Producers = readonly (readonly ValidatorIndex[])[];

const SHARD_BYTES = 8;

/**
 * Producers of an epoch (protocol.md, Terms): the set permuted by epoch and shard. Not registry order: neighbours in the
 * registry may have one owner, who could miss a shard's heights in a row.
 *
 * @param epochSeed what the epoch's leaders are drawn from; each shard's seed is keccak256(epochSeed ‖ shard), 8 bytes.
 */
export function producersOf(epochSeed: Uint8Array, validatorCount: number, shardCount: number): Producers {
  return Array.from({ length: shardCount }, (_, shard) => {
    const seed = keccak256(concatBytes(epochSeed, bigintToBytes(BigInt(shard), SHARD_BYTES)));
    return seededPermutation(seed, validatorCount);
  });
}

/** Whose turn it is to build the chunk of `shard` at `height` ≥ 0 of the producers' epoch; null if there is no such shard. */
export function producerOf(producers: Producers, shard: ShardId, height: bigint): ValidatorIndex | null {
  const inTurn = producers[shard];
  if (inTurn === undefined) return null;
  const producer = inTurn[Number(height % BigInt(inTurn.length))];
  assert(producer !== undefined, 'a height is not negative and there is at least one validator');
  return producer;
}
