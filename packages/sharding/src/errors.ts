/** A shard number or a shard count that no network has. */
export class InvalidShardError extends Error {
  override readonly name = 'InvalidShardError';
  readonly code = 'INVALID_SHARD';
  readonly shard: number;
  readonly shardCount: number;

  constructor(shard: number, shardCount: number, maxShards: number) {
    super(
      `shard ${shard} of ${shardCount} does not exist: give a shard count from 1 to ${maxShards} and a shard below it`,
    );
    this.shard = shard;
    this.shardCount = shardCount;
  }
}
