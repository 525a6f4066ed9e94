import { HeddleError } from '@heddle/primitives';
import type { Hash, ShardId } from '@heddle/types';

/** A chunk of which execution showed that it breaks a rule: do not endorse it, do not notarize its block. */
export class InvalidChunkError extends HeddleError<{
  readonly shard: ShardId;
  readonly height: bigint;
  /** The rule that is broken, in words. */
  readonly reason: string;
  /** Position in the chunk's body; null when no single transaction is to blame. */
  readonly position: number | null;
  readonly transactionHash: Hash | null;
}> {
  readonly code = 'INVALID_CHUNK';

  constructor(facts: {
    readonly shard: ShardId;
    readonly height: bigint;
    readonly reason: string;
    readonly position: number | null;
    readonly transactionHash: Hash | null;
  }) {
    const where = facts.position === null ? '' : `, transaction ${facts.position} (${facts.transactionHash ?? '?'})`;
    super(`chunk of shard ${facts.shard} at height ${facts.height}${where} is invalid: ${facts.reason}`, {
      shard: facts.shard,
      height: facts.height,
      reason: facts.reason,
      position: facts.position,
      transactionHash: facts.transactionHash,
    });
  }
}
