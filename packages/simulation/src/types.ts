import type { StateReader } from '@heddle/state';
import type { AccessList, Address, Authorization, Hash, ShardId } from '@heddle/types';

/** Between two parts of the chain: after a final block, or after its chunks and before its section. */
export interface StatePoint {
  /** One a shard, in shard order. What is read by a root never changes. */
  readonly roots: readonly Hash[];
  /** Whose rings of block hashes and beacon roots code reads (EIP-2935, EIP-4788). */
  readonly historyShard: ShardId;
}

/** Where the state behind a point comes from. Synchronous: on a worker it waits for the main thread. */
export interface StateSource {
  /** Throws `StateUnavailableError` when the root is not there any more. */
  state(shard: ShardId, root: Hash): StateReader;
  /** Of a final block. Null for one that is not there. */
  blockHash(number: bigint): Hash | null;
}

/** What code sees of the block that it runs in; `BlockEnvironment` of execution without its function. */
export interface BlockFacts {
  readonly chainId: bigint;
  readonly number: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  readonly coinbase: Address;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  readonly prevRandao: Hash;
  readonly blobBaseFee: bigint;
}

/** A call that is no transaction. What was absent has been given its default by the parser. */
export interface CallMessage {
  readonly from: Address;
  readonly to: Address | null;
  /** Gas; null = the cap. */
  readonly gas: bigint | null;
  /** Wei a gas; null = 0 and no balance check for fees. */
  readonly maxFeePerGas: bigint | null;
  readonly maxPriorityFeePerGas: bigint | null;
  readonly value: bigint;
  readonly data: Uint8Array;
  readonly accessList: AccessList;
  readonly authorizationList: readonly Authorization[];
}

/** A part of one account replaced; null leaves it. */
export interface StateOverride {
  readonly balance: bigint | null;
  readonly nonce: bigint | null;
  readonly code: Uint8Array | null;
  /** Replaces all storage. */
  readonly state: ReadonlyMap<bigint, bigint> | null;
  readonly stateDiff: ReadonlyMap<bigint, bigint> | null;
}
export type StateOverrides = ReadonlyMap<Address, StateOverride>;

/** A part of the block replaced; null leaves it. */
export interface BlockOverrides {
  readonly number: bigint | null;
  readonly time: bigint | null;
  readonly gasLimit: bigint | null;
  readonly feeRecipient: Address | null;
  readonly prevRandao: Hash | null;
  readonly baseFeePerGas: bigint | null;
  readonly blobBaseFee: bigint | null;
}

export type CallOutcome =
  | { readonly kind: 'success'; readonly returnData: Uint8Array; readonly gasUsed: bigint }
  | { readonly kind: 'revert'; readonly returnData: Uint8Array; readonly gasUsed: bigint }
  /** Any other exceptional halt, e.g. 'out of gas', 'invalid opcode: opcode 0xfe not defined'. */
  | { readonly kind: 'halt'; readonly reason: string; readonly gasUsed: bigint }
  /** The request itself can't be executed, geth's wording, e.g. 'insufficient funds for gas * price + value: …'. */
  | { readonly kind: 'invalid'; readonly reason: string };
