import { assert } from '@heddle/primitives';
import type { ValidatorIndex } from '@heddle/types';
import type { Producers } from './rules/producers.ts';

/** What is fixed for the epoch that the chunk protocol runs in. */
export interface ChunkProtocolConfig {
  /** This node's place in the validator set. */
  readonly validatorIndex: ValidatorIndex;
  /** 1 … 1,024. */
  readonly validatorCount: number;
  /** 1 … 64. */
  readonly shardCount: number;
  /** Of the epoch, for each shard. */
  readonly producers: Producers;
  /** D of the genesis file, above 0. */
  readonly chunkDeadlineMs: number;
}

/** Throws ImpossibleStateError. */
export function checkChunkConfig(config: ChunkProtocolConfig): void {
  const { validatorIndex, validatorCount, shardCount, producers, chunkDeadlineMs } = config;
  assert(Number.isInteger(validatorCount) && validatorCount >= 1, 'validatorCount is a positive integer');
  assert(
    Number.isInteger(validatorIndex) && validatorIndex >= 0 && validatorIndex < validatorCount,
    'validatorIndex names a validator',
  );
  assert(Number.isInteger(shardCount) && shardCount >= 1, 'shardCount is a positive integer');
  assert(
    producers.length === shardCount && producers.every(({ length }) => length === validatorCount),
    'producers are given for every shard',
  );
  assert(Number.isFinite(chunkDeadlineMs) && chunkDeadlineMs > 0, 'chunkDeadlineMs is above zero');
}
