import type { BlockAccessList, CallMessage, ChunkHeader, Hash, RecoveredTransaction, ShardId } from '@heddle/types';
import type { TracedPlace } from '../tracers/tracer.ts';
import type { BlockFacts } from '../types.ts';

/** A transaction of a final block that is to be executed once more. */
export interface ReplayedTransaction {
  readonly transaction: RecoveredTransaction;
  /** Where its part's access list has what it did. */
  readonly index: number;
  /** What its receipt says. */
  readonly gasUsed: bigint;
  /** Of a dispatched one that is executed here: how it came. */
  readonly message: CallMessage | null;
  readonly place: TracedPlace;
}

/** State that is named by a root, and what a list says of what followed. */
export interface ListedRoot {
  /** After the parent block. */
  readonly root: Hash;
  /** Of the shard's chunk in the block; empty without one. */
  readonly accessList: BlockAccessList;
}

export interface ReplayedChunk extends ListedRoot {
  readonly kind: 'chunk';
  readonly shard: ShardId;
  readonly shardCount: number;
  /** As the chunk's transactions see it. */
  readonly block: BlockFacts;
  /** In order; others of the chunk may be left out. */
  readonly transactions: readonly ReplayedTransaction[];
}

export interface ReplayedSection {
  readonly kind: 'section';
  /** By shard. */
  readonly states: readonly ListedRoot[];
  readonly block: BlockFacts;
  readonly parentBeaconBlockRoot: Hash;
  /** The block's, by shard. */
  readonly chunks: readonly ChunkHeader[];
  /** Its body, as far as it has to be executed. */
  readonly body: readonly RecoveredTransaction[];
  /** In order; those of the body that are to be looked at. */
  readonly transactions: readonly ReplayedTransaction[];
}

/** A part of a final block with what is to be executed of it once more: plain data. */
export type ReplayedPart = ReplayedChunk | ReplayedSection;
