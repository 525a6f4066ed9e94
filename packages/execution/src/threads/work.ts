import type { RecoveredTransaction, SignedTransaction } from '@heddle/types';
import { TRANSACTION_GAS } from '../transaction/intrinsic-gas.ts';

/** Rough costs on one core, as `npm run bench -- lanes` has them: they decide where work runs, not what it gives. */
const RECOVERY_MICROSECONDS = 50;
const TRANSACTION_MICROSECONDS = 10;
/** A producer's main thread, for a transaction in a lane: predicting, snapshot, result, commit. */
const LANE_MICROSECONDS = 15;
/** Gas a microsecond, declared: a token transfer uses half of it, at some 1,500 a microsecond. */
const DECLARED_GAS_PER_MICROSECOND = 3_000;

/** How long executing these would take in line, sender recovery included where it is still to be done. µs. */
export function estimateWork(transactions: readonly (SignedTransaction | RecoveredTransaction)[]): number {
  let sum = 0;
  for (const transaction of transactions) {
    if (!('sender' in transaction)) sum += RECOVERY_MICROSECONDS;
    sum += executionOf(transaction);
  }
  return sum;
}

/**
 * How much sooner a producer is done in lanes on so many threads than in line, µs: they share the execution, and each
 * transaction costs the main thread a plan and a commit. Below 0 for simple transfers, and for anything on one thread.
 */
export function estimateGain(transactions: readonly RecoveredTransaction[], threads: number): number {
  const shared = 1 - 1 / threads;
  return transactions.reduce((sum, transaction) => sum + executionOf(transaction) * shared - LANE_MICROSECONDS, 0);
}

function executionOf({ fields }: SignedTransaction): number {
  return (
    TRANSACTION_MICROSECONDS + Math.max(0, Number(fields.gasLimit) - TRANSACTION_GAS) / DECLARED_GAS_PER_MICROSECOND
  );
}
