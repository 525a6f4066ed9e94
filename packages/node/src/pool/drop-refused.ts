import type { RejectedTransaction } from '@heddle/execution';
import type { CandidateAccounts, TransactionPool } from '@heddle/mempool';

/**
 * What a chunk or section refused for good leaves the pool: it would be work for ever. `accounts`: after that chunk or
 * section, in which an authorization spends a nonce too. What is spent on this branch stays until that is final, since the
 * branch may yet be skipped.
 */
export function dropRefused(
  pool: Pick<TransactionPool, 'drop'>,
  rejected: readonly RejectedTransaction[],
  accounts: Pick<CandidateAccounts, 'nonce'>,
): void {
  for (const { transaction, permanent } of rejected) {
    const isSpent = transaction.fields.nonce < accounts.nonce(transaction.sender);
    if (permanent && !isSpent) pool.drop(transaction.hash);
  }
}
