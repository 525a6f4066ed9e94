import { assert, ImpossibleStateError } from '@heddle/primitives';
import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import type { Hash, RecoveredTransaction } from '@heddle/types';
import { ZERO_ADDRESS } from '@heddle/types';
import { InvalidChunkError, InvalidTransactionError, RemoteTouchError } from '../errors.ts';
import { CHUNK_START, openRun } from './chunk-run.ts';
import { deliverMessages } from './deliver.ts';
import { includeTransaction } from './include-transaction.ts';
import { settleChunk } from './settle.ts';
import { runSystemWork } from './system-work.ts';
import type { ChunkContext, ChunkOutcome } from './types.ts';

/**
 * Executes a chunk with exactly these transactions, in this order. Throws `InvalidChunkError` when one of them is
 * invalid where it stands, when the shard has not caught up and must hold system work only, or when the chunk is older
 * than its parent.
 */
export function executeChunk(
  context: ChunkContext,
  state: StateReader,
  rules: ShardRules,
  transactions: readonly RecoveredTransaction[],
): ChunkOutcome {
  const earliest = parentTimestamp(context);
  if (context.timestamp < earliest) {
    throw invalid(context, `timestamp ${context.timestamp} is before the parent block's ${earliest}`, null, null);
  }
  const run = openRun({ context, rules }, state, CHUNK_START);
  const coveredHeight = runSystemWork(run);
  if (coveredHeight === context.height) deliverMessages(run);
  else if (transactions.length > 0) {
    throw invalid(context, `covers height ${coveredHeight} only, so it may hold system work only`, null, null);
  }
  for (const [position, transaction] of transactions.entries()) {
    try {
      includeTransaction(run, transaction);
    } catch (error) {
      throw invalid(context, refusalReason(error), position, transaction.hash);
    }
  }
  return settleChunk(run, coveredHeight, []);
}

/**
 * The canonical empty chunk of a network with one shard, for a height whose chunk is missing: system work at the parent
 * block's time, no transactions, no coinbase. Everyone computes the same, so nobody signs it.
 */
export function canonicalEmptyContext(context: ChunkContext): ChunkContext {
  assert(context.shardCount === 1, 'only a network with one shard has canonical empty chunks');
  return { ...context, timestamp: parentTimestamp(context), coinbase: ZERO_ADDRESS };
}

/** Seconds. A chunk is not before its parent block. */
export function parentTimestamp(context: ChunkContext): bigint {
  const parent = context.ancestor(context.height - 1n);
  if (parent === null) throw new ImpossibleStateError(`the parent of height ${context.height} is not known`);
  return parent.timestamp;
}

/** Why a transaction may not be in a chunk. What is no refusal is thrown again. */
function refusalReason(error: unknown): string {
  if (error instanceof InvalidTransactionError) return error.facts.reason;
  if (error instanceof RemoteTouchError) return error.message;
  throw error;
}

function invalid(
  context: ChunkContext,
  reason: string,
  position: number | null,
  transactionHash: Hash | null,
): InvalidChunkError {
  return new InvalidChunkError({ shard: context.shard, height: context.height, reason, position, transactionHash });
}
