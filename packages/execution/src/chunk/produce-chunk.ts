import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { ChunkBuilder } from './chunk-builder.ts';
import { includeTransaction } from './include-transaction.ts';
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
  const builder = new ChunkBuilder({ context, rules }, state, gasTarget);
  if (builder.isFull()) return builder.finish();
  for (const transaction of candidates) {
    builder.offer(transaction, (run) => includeTransaction(run, transaction));
    if (builder.isFull()) break;
  }
  return builder.finish();
}
