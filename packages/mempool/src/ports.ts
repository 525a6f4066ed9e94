import type { Address, Hash, RecoveredTransaction } from '@heddle/types';

/**
 * What the pool asks of state. Synchronous; the account's home shard answers. The state is that of the block that the
 * next one will be built on, which may not be final yet: what it has executed stays pooled until it is.
 */
export interface AccountSource {
  nonce(address: Address): bigint;
  /** By final state: at most `nonce`. Only what this has overtaken leaves the pool for good. */
  finalNonce(address: Address): bigint;
  /** Wei, at the same block as `nonce`. */
  balance(address: Address): bigint;
  /** True when the account has code that is not an EIP-7702 delegation (EIP-3607). */
  hasCode(address: Address): boolean;
}

/** What says which transaction of a sender comes next, and whether its money is still there. */
export type CandidateAccounts = Pick<AccountSource, 'nonce' | 'balance'>;

/** The rules of the moment. */
export interface PoolRules {
  readonly chainId: bigint;
  /**
   * Of the chunk that the next block has, as far as it is known. No transaction may declare more (also EIP-7825: 2^24); what
   * declared less when it came waits.
   */
  chunkGasLimit(): bigint;
  readonly shardCount: number;
  /** Whether the genesis says devnet: only there impersonated transactions are valid. */
  readonly isDevnet: boolean;
  /**
   * Why the network can't carry the transaction to where its target resides, or null: a call to another shard travels as
   * a message, and a message has a greatest weight. No producer would include it under the limits of the moment.
   */
  tooHeavy(transaction: RecoveredTransaction): string | null;
  /**
   * Wei a gas: a transaction whose fee cap is below this is refused. A devnet that makes blocks on demand gives the
   * base fee of the next block, since without other work that would never fall; elsewhere `() => 0n`: it may wait.
   */
  minimumFeeCap(transaction: RecoveredTransaction): bigint;
}

/** Which of the pool's transactions somebody can use now. */
export interface CandidateRules {
  /** Senders that are meant. */
  readonly mine: (sender: Address) => boolean;
  /** Wei a gas that each must be able to pay. */
  readonly baseFee: bigint;
  /** Whether the transaction goes this way; with the first that does not its sender's end. */
  readonly takes: (transaction: RecoveredTransaction) => boolean;
}

/** `reason` in geth's wording; clients match on it. */
export type AddResult =
  | { readonly ok: true; readonly replaced: RecoveredTransaction | null }
  | { readonly ok: false; readonly reason: string };

/** The pool, as the node uses it. */
export interface TransactionPool {
  add(transaction: RecoveredTransaction): AddResult;
  /**
   * Executable transactions under `rules`, best price first, nonces of a sender in order; by the accounts of the block that
   * the next one is built on, or by others.
   */
  candidates(rules: CandidateRules, accounts?: CandidateAccounts): Iterable<RecoveredTransaction>;
  /** Drops what final state made stale; call after each final block with the senders it touched. */
  onFinalized(senders: readonly Address[]): void;
  /** Drops one transaction that can never be valid. */
  drop(hash: Hash): void;
  get(hash: Hash): RecoveredTransaction | undefined;
  /** Next nonce after the sender's contiguous pooled transactions, or null when it has none. */
  pendingNonce(address: Address): bigint | null;
  /** True if any pooled transaction can be executed at the sender's next nonce and `baseFee`, under the limits of the moment. */
  hasExecutable(baseFee: bigint): boolean;
  all(): readonly RecoveredTransaction[];
  readonly size: number;
}
