import type { StateReader } from '@heddle/state';
import type { RecoveredTransaction } from '@heddle/types';
import { InvalidTransactionError } from '../errors.ts';
import type { MessageRules, ShardRules } from '../ports.ts';
import { openRun } from './chunk-run.ts';
import { deliverMessages } from './deliver.ts';
import { includeTransaction } from './include-transaction.ts';
import { CHEAPEST_TRANSACTION_GAS } from './limits.ts';
import { settleChunk } from './settle.ts';
import { runSystemWork } from './system-work.ts';
import type { ChunkContext, ChunkOutcome, RejectedTransaction } from './types.ts';

/**
 * Makes a chunk out of what `candidates` offers, in that order: the caller orders them (by price, a sender's by nonce)
 * and may end them at any time. Invalid ones are left out with the reason. Takes no further candidate once `gasTarget`
 * is reached (`gasTarget(context)` is the protocol's) or the gas limit leaves no room for any.
 */
export function produceChunk(
  context: ChunkContext,
  state: StateReader,
  rules: ShardRules,
  messageRules: MessageRules,
  candidates: Iterable<RecoveredTransaction>,
  gasTarget: bigint,
): ChunkOutcome {
  const run = openRun(context, state, rules, messageRules);
  const coveredHeight = runSystemWork(run);
  if (coveredHeight < context.height) return settleChunk(run, coveredHeight, []);
  deliverMessages(run);
  const rejected: RejectedTransaction[] = [];
  const isFull = (): boolean => run.gasTaken >= gasTarget || run.gasTaken + CHEAPEST_TRANSACTION_GAS > context.gasLimit;
  if (isFull()) return settleChunk(run, coveredHeight, rejected);
  for (const transaction of candidates) {
    try {
      includeTransaction(run, transaction);
    } catch (error) {
      if (!(error instanceof InvalidTransactionError)) throw error;
      rejected.push({ transaction, reason: error.reason, permanent: error.permanent });
    }
    if (isFull()) break;
  }
  return settleChunk(run, coveredHeight, rejected);
}
