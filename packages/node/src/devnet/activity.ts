import type { BlockTransaction, TransactionWay } from '@heddle/rpc';
import type { Address, ShardId } from '@heddle/types';

/** An executed transaction, for those who watch the devnet. */
export interface TransactionReport
  extends Pick<BlockTransaction, 'transaction' | 'receipt' | 'gasUsed' | 'effectiveGasPrice' | 'contractAddress'> {
  readonly blockNumber: bigint;
  readonly way: TransactionWay;
  /** Null for one of the section. */
  readonly executedShard: ShardId | null;
  /** Transactions of the whole block. */
  readonly blockTransactionCount: number;
}

/** Why a transaction failed. */
export type TransactionFailure =
  /** `reason`: of Error(string) or Panic(uint256); null for other data, or none. */
  | { readonly kind: 'revert'; readonly reason: string | null; readonly data: Uint8Array }
  /** In geth's words, e.g. 'out of gas'. */
  | { readonly kind: 'halt'; readonly reason: string };

/** What no receipt tells: found by executing the transaction again. */
export interface TransactionInsight {
  /** Null for one that succeeded, and where it can't be told. */
  readonly failure: TransactionFailure | null;
  /** What it sent to the address of Hardhat's and Foundry's console, in order. */
  readonly console: readonly Uint8Array[];
}

/** A call of RPC that sent something to the console's address. */
export interface ConsoleCall {
  /** The RPC method, e.g. 'eth_call'. */
  readonly method: string;
  readonly from: Address;
  readonly to: Address | null;
  readonly data: Uint8Array;
  readonly console: readonly Uint8Array[];
}

/** What happens on a devnet, for its log. */
export interface DevnetActivity {
  readonly shardCount: number;
  /** The transactions of each final block that has any, in order. Returns the unsubscriber. */
  onTransactions(listener: (executed: readonly TransactionReport[]) => void): () => void;
  /** Returns the unsubscriber. */
  onConsole(listener: (call: ConsoleCall) => void): () => void;
  /**
   * Of transactions of one block, in the same order: executes them again, off the chain. Where that is not possible in time
   * there is nothing to tell; rejects for trouble of the node only.
   */
  insights(reports: readonly TransactionReport[]): Promise<readonly TransactionInsight[]>;
  /** Where the accounts are, sorted, each shard once. */
  shardsOf(addresses: readonly Address[]): readonly ShardId[];
}
