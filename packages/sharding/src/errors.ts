import { HeddleError } from '@heddle/primitives';

/** A shard number or a shard count that no network has. */
export class InvalidShardError extends HeddleError<{
  readonly shard: number;
  readonly shardCount: number;
}> {
  readonly code = 'INVALID_SHARD';

  constructor(shard: number, shardCount: number, maxShards: number) {
    super(
      `shard ${shard} of ${shardCount} does not exist: give a shard count from 1 to ${maxShards} and a shard below it`,
      { shard, shardCount },
    );
  }
}
