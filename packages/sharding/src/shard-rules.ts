import type { StateReader } from '@heddle/state';
import { type Address, MAX_SHARDS, type Message, type ShardId, type UnsequencedMessage } from '@heddle/types';
import { InvalidShardError } from './errors.ts';
import { rememberPlaces, residenceSeenFrom } from './residence.ts';
import { inboundCursors, sequence } from './sequences.ts';
import type { StorageWrite } from './slots.ts';

/**
 * All rules that depend on the shard they speak for. With one shard everything is local and nothing is written, which is
 * plain Ethereum. What the protocol reads of the state by them is not charged and in no access list.
 */
export interface ShardRules {
  readonly shard: ShardId;
  readonly shardCount: number;
  /** Where balance and nonce of the address are, as far as this shard's state tells: else its home. */
  residence(state: StateReader, address: Address): ShardId;
  /** Next sequence that `state` expects from each source, shardCount entries. */
  inboundCursors(state: StateReader): readonly bigint[];
  /** Settlement: assigns sequences in order of emission and returns the words that change. */
  sequence(
    state: StateReader,
    emitted: readonly UnsequencedMessage[],
    sourceHeight: bigint,
  ): { readonly outbox: readonly Message[]; readonly writes: readonly StorageWrite[] };
}

/** Which shard of how many the rules speak for. */
export interface ShardRulesOptions {
  readonly shard: ShardId;
  /** 1 … 64. */
  readonly shardCount: number;
}

/** The rules as one shard sees them. */
export function createShardRules(options: ShardRulesOptions): ShardRules {
  const { shard, shardCount } = options;
  checkShard(shard, shardCount);
  const placeOf = rememberPlaces(shardCount);
  return {
    shard,
    shardCount,
    residence: (state, address) => residenceSeenFrom(shard, shardCount, state, address, placeOf),
    inboundCursors: (state) => inboundCursors(state, shardCount),
    sequence: (state, emitted, sourceHeight) => sequence(state, emitted, shard, shardCount, sourceHeight),
  };
}

/** Throws `InvalidShardError` for a shard that the network does not have. */
function checkShard(shard: ShardId, shardCount: number): void {
  const countIsGood = Number.isInteger(shardCount) && shardCount >= 1 && shardCount <= MAX_SHARDS;
  if (!countIsGood || !Number.isInteger(shard) || shard < 0 || shard >= shardCount) {
    throw new InvalidShardError(shard, shardCount, MAX_SHARDS);
  }
}
