import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { includeTransaction } from './include-transaction.ts';
import { Production } from './production.ts';
import type { ChunkContext, ChunkOutcome } from './types.ts';

/**
 * Makes a chunk out of what `candidates` offers, in that order: the caller orders them (by price, a sender's by nonce)
 * and may end them at any time. Invalid ones are left out with the reason. Takes no further candidate once `gasTarget`
 * is reached (what `budgets.ts` gives, or less) or the gas limit leaves no room for any.
 */
export function produceChunk(
  context: ChunkContext,
  state: StateReader,
  rules: ShardRules,
  candidates: Iterable<RecoveredTransaction>,
  gasTarget: bigint,
): ChunkOutcome {
  const production = new Production({ context, rules }, state, gasTarget);
  if (production.isFull()) return production.finish();
  for (const transaction of candidates) {
    production.offer(transaction, (run) => includeTransaction(run, transaction));
    if (production.isFull()) break;
  }
  return production.finish();
}
