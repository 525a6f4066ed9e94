import type { StateBackend, StateHistory, StateUpdate } from '@heddle/state';
import type {
  Address,
  Block,
  BlockAccessList,
  Chunk,
  ControlState,
  DerivedRun,
  Hash,
  Message,
  Receipt,
  RecoveredTransaction,
  ShardId,
  TupleCertificate,
  Validator,
} from '@heddle/types';
import type { StorageDamagedError } from './errors.ts';

/** One executed transaction as it is stored: everything RPC needs without executing again. */
export interface StoredExecution {
  readonly transaction: RecoveredTransaction;
  readonly receipt: Receipt;
  readonly gasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  readonly contractAddress: Address | null;
  readonly deliveredBy: Hash | null;
}

/** What a part of a block changes in one shard's state. */
export interface ShardUpdate extends StateUpdate {
  readonly shard: ShardId;
}

/** One shard's part of a final block, for writing. */
export interface FinalChunk extends ShardUpdate {
  readonly chunkHash: Hash;
  /** null for S = 1's canonical empty chunk, which nobody sent. */
  readonly chunk: Chunk | null;
  readonly executed: readonly StoredExecution[];
  readonly dispatched: readonly RecoveredTransaction[];
  /** Messages consumed by this chunk: leave the queue. */
  readonly delivered: readonly Message[];
  /** Messages emitted: enter the queues of their destinations. */
  readonly outbox: readonly Message[];
  readonly burned: bigint;
}

/** The section of a final block, for writing. */
export interface FinalSection {
  readonly executed: readonly StoredExecution[];
  /** Of the shards that it changes, in shard order: each on the state after the chunk of the same block, if there is one. */
  readonly updates: readonly ShardUpdate[];
  readonly burned: bigint;
  /** Wei that control operations of a devnet have made. */
  readonly minted: bigint;
}

/** A final block with all that it changes: one atomic batch. */
export interface FinalBlockWrite {
  readonly block: Block;
  readonly blockHash: Hash;
  /** The finalization that this node has for this block, or for a descendant (then it is stored with that one): null. */
  readonly finalization: TupleCertificate | null;
  /** New chunks only, in shard order; missing shards are absent. */
  readonly chunks: readonly FinalChunk[];
  /** As the block has one: null with one shard, but for control blocks. */
  readonly section: FinalSection | null;
  /**
   * What no chunk's body carries: the section's lists, one a shard in shard order; with one shard that of the canonical
   * empty chunk, and none beside a chunk that was sent. Of a control block those of all its chunks, then the section's.
   */
  readonly accessLists: readonly BlockAccessList[];
  /** What this block's state names for a period, which outlives that state; null for a block that names none. */
  readonly named: NamedValidators | null;
  /** What control operations have left behind this block. */
  readonly control: ControlState;
  /** The blocks of its run between the head and this one; null unless there are any. They are final with it. */
  readonly derived: DerivedRun | null;
}

/**
 * Entries of the registry, good and bad, in its order: those of the block whose state names the validators of a period, which
 * is the epoch of that number unless the chain has branched.
 */
export interface NamedValidators {
  readonly period: bigint;
  readonly validators: readonly Validator[];
}

/** Where a message is in its life. */
export interface MessageRecord {
  readonly message: Message;
  readonly emittedIn: bigint;
  readonly deliveredIn: bigint | null;
}

/**
 * Where a transaction is. `part` of its block that executed it: a shard's chunk, or the section, which has the number of
 * shards here. `index` counts within that part's executed list.
 */
export type TransactionLocation =
  | {
      readonly kind: 'executed';
      readonly height: bigint;
      readonly part: number;
      readonly index: number;
      readonly dispatchedIn: bigint | null;
    }
  | {
      readonly kind: 'dispatched';
      readonly height: bigint;
      readonly shard: ShardId;
      readonly transaction: RecoveredTransaction;
    };

/** A final block that its chain can go back to. */
export interface ChainSnapshot {
  readonly id: bigint;
  readonly height: bigint;
  readonly hash: Hash;
  /** Of exactly this block; null for genesis, which needs none. */
  readonly finalization: TupleCertificate | null;
}

/** The blocks above `height` are of another epoch than the schedule would say: `epoch`, and those that follow it. */
export interface BranchStart {
  readonly height: bigint;
  readonly epoch: bigint;
}

/**
 * What the owner of all validators has said of snapshots and branches. The same for all of its validators but for a kill in
 * the middle: then the one with the highest revision counts. No rewind takes it back.
 */
export interface RewindRecord {
  readonly revision: bigint;
  /** The highest id that a snapshot ever had: none is given twice. */
  readonly lastSnapshot: bigint;
  /** In the order of their ids, which is that of their heights. */
  readonly snapshots: readonly ChainSnapshot[];
  /** Rising in height and epoch. */
  readonly branches: readonly BranchStart[];
}

/** One validator's chain on disk (or in memory). Only final state is ever seen by readers. */
export interface ChainStore {
  /** Last final block; the genesis block after initialization. */
  head(): { readonly block: Block; readonly hash: Hash };
  /** The newest finalization certificate stored; null right after genesis. */
  bestFinalization(): TupleCertificate | null;
  /** The newest finalization certificate of an epoch: for one that is over, that of its last block. Null if there is none. */
  finalizationOf(epoch: bigint): TupleCertificate | null;
  /**
   * Writes everything in one atomic batch and moves the head. `applied` runs at the very moment from which readers see
   * the new head and state, so that what is kept beside them moves with them. Blocks must come in height order, a run's derived ones with it; throws
   * `OutOfOrderCommitError` otherwise.
   */
  commit(write: FinalBlockWrite, applied?: () => void): Promise<void>;
  blockByNumber(number: bigint): Block | null;
  blockHashByNumber(number: bigint): Hash | null;
  blockByHash(hash: Hash): Block | null;
  /**
   * By part of the block: the shards' chunks in shard order, a missing one with an empty list; behind them, with several
   * shards, the section.
   */
  executions(number: bigint): readonly (readonly StoredExecution[])[];
  /** As `FinalBlockWrite` has them; none for genesis, nor for a block that an older version has stored. */
  accessLists(number: bigint): readonly BlockAccessList[];
  transactionLocation(hash: Hash): TransactionLocation | null;
  /** Messages that go back to one transaction, in order of emission. */
  messagesOf(originTx: Hash): Promise<readonly MessageRecord[]>;
  /** The message in all its places, lowest height first: a forwarded one keeps its id. */
  messagesById(id: Hash): Promise<readonly MessageRecord[]>;
  /** Undelivered messages to `shard` at the head, in delivery order (source height, source shard, sequence). */
  pendingMessages(shard: ShardId): readonly Message[];
  /** Total wei burned by all final blocks. */
  burned(): bigint;
  /** Total wei that control operations of a devnet have made. */
  minted(): bigint;
  /** What control operations have left behind the head. */
  control(): ControlState;
  /**
   * Final state of one shard: flat at the head, and nodes of the roots of the blocks that `stateHistory` names: after the
   * chunk and after the section. Nodes that only older roots need go away at some time.
   */
  state(shard: ShardId): StateBackend;
  stateHistory(): StateHistory;
  /** Entries that a final block has named for the period (`FinalBlockWrite.named`); null if none has. Kept for ever. */
  namedValidators(period: bigint): readonly Validator[] | null;
  /** A final or not yet final chunk by hash. */
  chunk(hash: Hash): Chunk | null;
  /** Durable (synced) when it returns; needed before endorsing. Pruned once its height is final. */
  putChunk(hash: Hash, chunk: Chunk): Promise<void>;
  /** Durable (synced) when it returns; needed before notarizing. Pruned once its height is final. */
  putBlock(hash: Hash, block: Block): Promise<void>;
  /** Blocks stored by `putBlock` and not final yet, by hash. */
  unfinalBlock(hash: Hash): Block | null;
  unfinalBlocks(): readonly { readonly hash: Hash; readonly block: Block }[];
  /** What the owner of all validators has said of snapshots and branches. */
  rewindRecord(): RewindRecord;
  /** Resolves when no block is being committed; none is until the chain is released. */
  holdCommits(): Promise<HeldChain>;
  /**
   * Told once, in the very moment in which a read finds that what is stored has changed; that read and all later ones throw
   * `StorageDamagedError`, so that no wrong value is ever returned.
   */
  onDamage(listener: (error: StorageDamagedError) => void): void;
  close(): Promise<void>;
}

/** A chain that does not move. */
export interface HeldChain {
  /**
   * Durable when it resolves. From then on each block above the lowest snapshot is written with what it overwrites, and the
   * state of no block is deleted, until that snapshot is gone.
   */
  setRewindRecord(record: RewindRecord): Promise<void>;
  /** All that is final, for `readChainImage`. Throws `ChainTooLargeError`. */
  dump(): Promise<Uint8Array>;
  /** To be called whatever has happened. */
  release(): void;
}

/** What a new data directory starts from. */
export interface GenesisWrite {
  readonly block: Block;
  readonly blockHash: Hash;
  /** The genesis file's canonical JSON, to compare with on the next start. */
  readonly genesisJson: string;
  readonly shards: readonly StateUpdate[];
}
