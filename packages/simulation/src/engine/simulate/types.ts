import type { BlockHeader, Hash, Log, RecoveredTransaction } from '@heddle/types';
import type { BlockOverrides, CallMessage, StateOverrides, StatePoint } from '../../types.ts';

/** eth_simulateV1: blocks of calls on top of a final block, each on what the one before left. */
export interface SimulateTask {
  readonly point: StatePoint;
  readonly chainId: bigint;
  /** The block whose state `point` is. */
  readonly base: { readonly header: BlockHeader; readonly hash: Hash };
  readonly blocks: readonly SimulatedBlockRequest[];
  /** Nonces and fees are checked as for a transaction, and the base fee follows from block to block; else gas is free. */
  readonly validation: boolean;
  /** Transfers of ether appear as logs of `TRANSFER_LOG_ADDRESS`. */
  readonly traceTransfers: boolean;
  /** For all calls together. */
  readonly gasCap: bigint;
}

export interface SimulatedBlockRequest {
  readonly overrides: BlockOverrides;
  readonly stateOverrides: StateOverrides;
  readonly calls: readonly SimulatedCallRequest[];
}

export interface SimulatedCallRequest {
  readonly message: CallMessage;
  /** Null: the account's. */
  readonly nonce: bigint | null;
  /** What it is shown as. */
  readonly type: 0 | 2 | 4;
}

export type SimulateResult =
  | { readonly kind: 'done'; readonly blocks: readonly SimulatedBlock[] }
  /** Nothing is executed; why, in geth's words. */
  | { readonly kind: 'refused'; readonly refusal: SimulateRefusal };

export interface SimulateRefusal {
  /** The error code of execution-apis. */
  readonly code: number;
  readonly reason: string;
}

/** A block that was never made. As RPC formats blocks. */
export interface SimulatedBlock {
  /** Its state root is 0: nobody computes it. */
  readonly block: { readonly header: BlockHeader };
  readonly hash: Hash;
  /** RLP size, bytes. */
  readonly size: number;
  readonly executed: readonly SimulatedTransaction[];
}

export interface SimulatedTransaction {
  /** With a signature of zeros. */
  readonly transaction: RecoveredTransaction;
  readonly effectiveGasPrice: bigint;
  readonly transactionIndex: number;
  /** In its block. */
  readonly firstLogIndex: number;
  readonly call: SimulatedCallReport;
}

export interface SimulatedCallReport {
  readonly status: 'success' | 'reverted' | 'halted';
  readonly returnData: Uint8Array;
  readonly gasUsed: bigint;
  /** Before refunds. */
  readonly maxUsedGas: bigint;
  readonly logs: readonly Log[];
  /** Of a halt. */
  readonly reason: string;
}
