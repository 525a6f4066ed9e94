import type { ChunkOutcome, ExecutedTransaction, SectionInBlock, SectionOutcome } from '@heddle/execution';
import type { StateLayer, StateSnapshot } from '@heddle/state';
import type { Block, Chunk, ChunkHeader, ControlPart, ControlState, DerivedRun, Hash, Message } from '@heddle/types';

/** A chunk that this node has executed, whether it produced it or checked it. */
export interface ExecutedChunk {
  readonly header: ChunkHeader;
  readonly hash: Hash;
  /** `null` for a canonical empty chunk, of a one-shard network or a control block, which nobody sends. */
  readonly chunk: Chunk | null;
  readonly outcome: ChunkOutcome;
  readonly layer: StateLayer;
}

/** A section that this node has executed, whether it made it or checked it. */
export interface ExecutedSection extends SectionInBlock {
  readonly control: ControlPart | null;
  readonly outcome: SectionOutcome;
  /** By shard, on the state after its chunk; null where it changed nothing. */
  readonly layers: readonly (StateLayer | null)[];
}

/** One shard as a block leaves it. */
export interface ShardTip {
  readonly header: ChunkHeader;
  readonly headerHash: Hash;
  /** After the block: after its section, where it has one. */
  readonly state: StateSnapshot;
  /** What this block's chunk did; `null` when the shard is missing in this block, and at the root of the tree. */
  readonly executed: ExecutedChunk | null;
  /** Undelivered messages to this shard, this block's emissions included, in delivery order. */
  readonly queue: readonly Message[];
  /**
   * Heights in a row, this block's included, without a certified chunk of this shard. The canonical empty chunk of a
   * one-shard network counts as missing too: deadlines and gas targets have to give way there as well. A control block's
   * does not: nobody was asked for a chunk.
   */
  readonly missed: number;
}

/** A block whose every chunk and whose section have been executed here. */
export interface ExecutedBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly height: bigint;
  readonly shards: readonly ShardTip[];
  /** What this block's section did; `null` where it has none, and at the root of the tree. */
  readonly section: ExecutedSection | null;
  /** What control operations up to this block have left for those on top of it. */
  readonly control: ControlState;
  /** The blocks between the one that this was decided on and this one; `null` unless it mined more than one. */
  readonly derived: DerivedRun | null;
}

/** Everything that the block executed, in its order: chunks by shard, then the section. Nothing at the root of the tree. */
export function executionsOf({ shards, section }: ExecutedBlock): readonly ExecutedTransaction[] {
  return [...shards.flatMap(({ executed }) => executed?.outcome.executed ?? []), ...(section?.outcome.executed ?? [])];
}
