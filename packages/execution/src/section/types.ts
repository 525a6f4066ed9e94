import type { StateChanges } from '@heddle/state';
import type { Address, BlockAccessList, ChunkHeader, Hash } from '@heddle/types';
import type { AncestorBlock, ExecutedTransaction, RejectedTransaction } from '../chunk/types.ts';

/** Everything that a section's execution depends on beside the states after the chunks. */
export interface SectionContext {
  readonly chainId: bigint;
  /** The block's number. */
  readonly height: bigint;
  /** Seconds: the block's. */
  readonly timestamp: bigint;
  /** The leader's fee recipient, which the block's header names. */
  readonly coinbase: Address;
  readonly prevRandao: Hash;
  readonly parentBeaconBlockRoot: Hash;
  /** L of the genesis. */
  readonly gasLimit: bigint;
  /** The section's own (`sectionBaseFee`). */
  readonly baseFeePerGas: bigint;
  /** Block `height − 1` and its ancestors; null below genesis. */
  ancestor(height: bigint): AncestorBlock | null;
  /** The block's chunk headers, one for each shard, in shard order. New if and only if its height is the block's. */
  readonly chunks: readonly ChunkHeader[];
}

/** A transaction of the section. */
export interface SectionExecution extends ExecutedTransaction {
  /** Whether all that it touched resides on its sender's home: the next of its kind may be local. */
  readonly isLocal: boolean;
}

/** Everything that executing one section produced. */
export interface SectionOutcome {
  /** In order of the body. */
  readonly executed: readonly SectionExecution[];
  readonly rejected: readonly RejectedTransaction[];
  /** By shard, on the states after the chunks. */
  readonly changes: readonly StateChanges[];
  /** By shard. */
  readonly accessLists: readonly BlockAccessList[];
  /** Sum of the receipts'. */
  readonly gasUsed: bigint;
  readonly logsBloom: Uint8Array;
  /** Wei of the chunks' tips that it credited. */
  readonly tips: bigint;
  /** Wei that ceased to exist: base fees, self-destructs, and what a control operation took. */
  readonly burned: bigint;
  /** Wei that control operations made: none but in a control block. */
  readonly minted: bigint;
}
