import type { Address, Hash, ShardId } from './ids.ts';
import type { RecoveredTransaction } from './transaction.ts';

/** The price terms that a dispatched transaction was admitted with at its home. Wei a gas. */
export interface FeeTerms {
  /** max(base fee of home, base fee of the target's shard), both at the parent. BASEFEE of the execution. */
  readonly baseFeePerGas: bigint;
  /** What the sender pays for each gas; at least `baseFeePerGas`. GASPRICE of the execution. */
  readonly effectiveGasPrice: bigint;
}

interface MessageFields {
  /** keccak256(rlp([cause, ordinal])), the cause being a transaction hash or a delivered message's id. Kept when forwarded. */
  readonly id: Hash;
  readonly source: ShardId;
  readonly destination: ShardId;
  /** Height of the source chunk that emitted it (or forwarded it). */
  readonly sourceHeight: bigint;
  /** Per (source, destination), from 0, without gaps. */
  readonly sequence: bigint;
  /** The transaction that this goes back to. */
  readonly originTx: Hash;
  readonly sender: Address;
  readonly target: Address;
  /** Wei that moves with the message. */
  readonly value: bigint;
}

/** A transaction that executes on its target's shard. Prepaid fees in flight: gasLimit · effectiveGasPrice. */
export interface CallMessage extends MessageFields {
  readonly kind: 'call';
  readonly transaction: RecoveredTransaction;
  readonly feeTerms: FeeTerms;
  /** Intrinsic gas that home charged. */
  readonly sourceGasUsed: bigint;
  /** EIP-7623 floor in gas, applied once, at the target. */
  readonly calldataFloorGas: bigint;
}

/** What a dispatched transaction gives back to its sender: unused gas, and the value on failure. */
export interface CreditMessage extends MessageFields {
  readonly kind: 'credit';
}

export type Message = CallMessage | CreditMessage;

export const MESSAGE_KINDS: readonly Message['kind'][] = ['call', 'credit'];

/** A message without its place in the queue; settlement assigns source, sourceHeight and sequence. */
export type UnsequencedMessage = WithoutPlace<Message>;

/** Of each kind by itself, so that a kind keeps its fields. */
type WithoutPlace<M> = M extends Message ? Omit<M, 'source' | 'sourceHeight' | 'sequence'> : never;
