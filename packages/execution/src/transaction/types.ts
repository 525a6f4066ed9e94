import type { Address, Hash, Log, RecoveredTransaction } from '@heddle/types';

/** What a transaction sees of its block: fixed by the chunk and its parent. Gas and time fit in a number (< 2^53). */
export interface BlockEnvironment {
  readonly chainId: bigint;
  readonly number: bigint;
  readonly timestamp: bigint;
  readonly coinbase: Address;
  readonly gasLimit: bigint;
  readonly baseFeePerGas: bigint;
  readonly prevRandao: Hash;
  /** BLOBBASEFEE, wei. In chunks always 1 (EIP-7516 at excess 0). */
  readonly blobBaseFee: bigint;
  /** Hash of one of the last 256 blocks; `null` outside of that range. */
  blockHash(number: bigint): Hash | null;
}

/** A transaction that passed every validity rule; its nonce is used and its gas is bought. */
export interface Admission {
  readonly transaction: RecoveredTransaction;
  readonly effectiveGasPrice: bigint;
  /** Wei that the gas of its blobs cost (EIP-4844). */
  readonly burnedForBlobs: bigint;
  /** Intrinsic gas, authorizations and access list included. */
  readonly intrinsicGas: number;
  /** EIP-7623 floor. */
  readonly floorGas: number;
  /** Refund counter from EIP-7702 authorities that existed already. */
  readonly authorizationRefund: number;
}

/** What executing an admitted transaction (or a delivered Call) left. State effects are in the world. */
export interface ExecutionOutcome {
  readonly status: 0 | 1;
  /** Everything charged: intrinsic, execution, floor, less refunds; ≤ gasLimit. */
  readonly gasUsed: number;
  /** Before refunds and floor, intrinsic gas included: the work that was done. At most the gas limit. */
  readonly gasSpent: number;
  readonly returnData: Uint8Array;
  readonly logs: readonly Log[];
  readonly createdAddress: Address | null;
  /** Why it failed, for RPC and traces: 'out of gas', 'execution reverted', …; null when it succeeded. */
  readonly failure: string | null;
}
