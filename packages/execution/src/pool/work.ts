import type { RecoveredTransaction, SignedTransaction } from '@heddle/types';

/** Rough costs on one core, measured by `npm run bench -- lanes`: they decide where work runs, not what it gives. */
const RECOVERY_MICROSECONDS = 50;
const TRANSACTION_MICROSECONDS = 10;
/** Gas a microsecond, declared: about half of it is used. */
const DECLARED_GAS_PER_MICROSECOND = 1_000;
const TRANSFER_GAS = 21_000;

/** How long executing these would take in line, sender recovery included where it is still to be done. µs. */
export function estimateWork(transactions: readonly (SignedTransaction | RecoveredTransaction)[]): number {
  let sum = 0;
  for (const transaction of transactions) {
    sum += TRANSACTION_MICROSECONDS;
    if (!('sender' in transaction)) sum += RECOVERY_MICROSECONDS;
    sum += Math.max(0, Number(transaction.fields.gasLimit) - TRANSFER_GAS) / DECLARED_GAS_PER_MICROSECOND;
  }
  return sum;
}
