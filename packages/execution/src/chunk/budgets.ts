import {
  DELIVERY_BUDGET_DENOMINATOR,
  DELIVERY_BUDGET_NUMERATOR,
  HISTORY_WINDOW,
  MAX_BACKOFF_EXPONENT,
  MAX_MESSAGE_WEIGHT_DIVISOR,
  MAX_MISSED_HEIGHTS,
} from './limits.ts';
import type { ChunkContext } from './types.ts';

/** Heights in a row that the shard missed before this chunk. */
export function missedHeights(context: ChunkContext): bigint {
  return context.height - context.parentChunk.height - 1n;
}

/** Weight that the chunk's deliveries may take: 3/4 of its gas limit, less after missed heights. */
export function deliveryBudget(context: ChunkContext): bigint {
  const budget = (context.gasLimit * DELIVERY_BUDGET_NUMERATOR) / DELIVERY_BUDGET_DENOMINATOR;
  return budget >> backoff(context);
}

/**
 * Gas that a producer fills a chunk up to: the gas limit, less after missed heights, so that a shard whose chunks come
 * too late makes smaller ones. Policy of the producer; what is valid is up to the gas limit.
 */
export function gasTarget(context: ChunkContext): bigint {
  return context.gasLimit >> backoff(context);
}

/** Heaviest message that may be emitted in a chunk of this gas limit. */
export function maxMessageWeight({ gasLimit }: Pick<ChunkContext, 'gasLimit'>): bigint {
  return gasLimit / MAX_MESSAGE_WEIGHT_DIVISOR;
}

/**
 * The heights whose system calls this chunk runs, `first … last`. `last` becomes the chunk's `coveredHeight`; below the
 * chunk's own height it has not caught up yet and holds system work only.
 */
export function heightsToCover(context: ChunkContext): { readonly first: bigint; readonly last: bigint } {
  const uncovered = context.parentChunk.coveredHeight + 1n;
  const remembered = context.height - HISTORY_WINDOW;
  const first = uncovered > remembered ? uncovered : remembered;
  const missed = context.height - first;
  return { first, last: missed <= MAX_MISSED_HEIGHTS ? context.height : first + MAX_MISSED_HEIGHTS - 1n };
}

function backoff(context: ChunkContext): bigint {
  const missed = missedHeights(context);
  return missed < MAX_BACKOFF_EXPONENT ? missed : MAX_BACKOFF_EXPONENT;
}
