import type { StateChanges } from '@heddle/state';
import type {
  Address,
  BlockAccessList,
  ChunkHeader,
  Hash,
  Message,
  Receipt,
  RecoveredTransaction,
  ShardId,
} from '@heddle/types';

/** An ancestor block as the system calls and BLOCKHASH need it. */
export interface AncestorBlock {
  readonly hash: Hash;
  /** Seconds. */
  readonly timestamp: bigint;
  readonly parentBeaconBlockRoot: Hash;
}

/** Everything that a chunk's execution depends on: fixed by the parent block and the chunk itself. */
export interface ChunkContext {
  readonly chainId: bigint;
  readonly shard: ShardId;
  readonly shardCount: number;
  /** Parent block's number + 1. */
  readonly height: bigint;
  readonly timestamp: bigint;
  readonly coinbase: Address;
  readonly prevRandao: Hash;
  readonly parentBlockHash: Hash;
  /** parentBeaconBlockRoot of the block being made: hash of the validator set that certifies its children. */
  readonly parentBeaconBlockRoot: Hash;
  /** This shard's last chunk header (maybe several heights back). */
  readonly parentChunk: ChunkHeader;
  /** keccak256(rlp(parentChunk)). */
  readonly parentChunkHash: Hash;
  readonly gasLimit: bigint;
  /** Base fee of each shard for a chunk on this parent; `baseFees[shard]` is this chunk's own. */
  readonly baseFees: readonly bigint[];
  /** Weight of the Calls that this chunk may send each shard (`sendAllowances`). */
  readonly allowances: readonly bigint[];
  /** Block `height − 1` and its ancestors; null below genesis. */
  ancestor(height: bigint): AncestorBlock | null;
  /** Whether a transaction to another shard is sent there as a Call; else it is no business of a chunk. */
  readonly dispatch: boolean;
  /** Undelivered messages to this shard emitted up to and including the parent, in delivery order. */
  readonly queue: readonly Message[];
}

/** One entry of the executed list, aligned with its receipt. */
export interface ExecutedTransaction {
  readonly transaction: RecoveredTransaction;
  readonly receipt: Receipt;
  readonly gasUsed: bigint;
  readonly effectiveGasPrice: bigint;
  /** Address of the contract that a creation made; null otherwise or on failure. */
  readonly contractAddress: Address | null;
  /** The Call message that brought it here; null for a transaction of this shard. */
  readonly deliveredBy: Hash | null;
}

/** A candidate that the producer left out, and why (geth's wording). */
export interface RejectedTransaction {
  readonly transaction: RecoveredTransaction;
  readonly reason: string;
  /** True when it can never be valid again (nonce too low); false when it may fit later. */
  readonly permanent: boolean;
  /** True when it touches an account of another shard: it is for the section. */
  readonly isRemote: boolean;
}

/** Everything that executing one chunk produced. */
export interface ChunkOutcome {
  /** Body order: executed here or dispatched. */
  readonly included: readonly RecoveredTransaction[];
  readonly rejected: readonly RejectedTransaction[];
  readonly executed: readonly ExecutedTransaction[];
  readonly dispatched: readonly RecoveredTransaction[];
  readonly delivered: readonly Message[];
  readonly outbox: readonly Message[];
  readonly changes: StateChanges;
  readonly accessList: BlockAccessList;
  /** Gas that the chunk took of its limit. With one shard that is the sum of the receipts'. */
  readonly gasUsed: bigint;
  readonly logsBloom: Uint8Array;
  readonly inboundCursors: readonly bigint[];
  readonly queuedWeight: bigint;
  readonly coveredHeight: bigint;
  /** Wei: tips of a coinbase that resides elsewhere. The section credits them. */
  readonly tips: bigint;
  /** Wei that ceased to exist: base fees, the 1/16 of unused forwarded gas, self-destructs. */
  readonly burned: bigint;
}
