import { MAX_MISSED_HEIGHTS } from '@heddle/types';
import {
  DELIVERY_BUDGET_DENOMINATOR,
  DELIVERY_BUDGET_NUMERATOR,
  HISTORY_WINDOW,
  MAX_BACKOFF_EXPONENT,
  MAX_MESSAGE_WEIGHT_DIVISOR,
} from './limits.ts';
import type { ChunkContext } from './types.ts';

/** Heights in a row that the shard made no chunk of before this one. */
export function missedHeights(context: ChunkContext): bigint {
  return context.height - context.parentChunk.height - 1n;
}

/** Weight that the chunk's deliveries may take: 3/4 of its gas limit, less after missed heights. */
export function deliveryBudget(context: ChunkContext): bigint {
  const budget = (context.gasLimit * DELIVERY_BUDGET_NUMERATOR) / DELIVERY_BUDGET_DENOMINATOR;
  return reduced(budget, missedHeights(context));
}

/**
 * Gas that a producer fills a chunk up to: the gas limit, less after heights in a row without a certified chunk, so that
 * a shard whose chunks come too late makes smaller ones. With several shards these are `missedHeights`; with one, the
 * canonical empty chunk counts as missing. Policy of the producer; what is valid is up to the gas limit.
 */
export function gasTarget(gasLimit: bigint, missed: bigint): bigint {
  return reduced(gasLimit, missed);
}

/** Heaviest message that may be emitted in a chunk of this gas limit. */
export function maxMessageWeight({ gasLimit }: Pick<ChunkContext, 'gasLimit'>): bigint {
  return gasLimit / MAX_MESSAGE_WEIGHT_DIVISOR;
}

/**
 * The heights whose system calls this chunk runs, `first … last`, none if `last` is below `first`. `last` becomes the
 * chunk's `coveredHeight`; below the chunk's own height it has not caught up yet and holds system work only.
 */
export function heightsToCover(context: ChunkContext): { readonly first: bigint; readonly last: bigint } {
  const first = firstUncovered(context);
  const missed = context.height - first;
  return { first, last: missed <= MAX_MISSED_HEIGHTS ? context.height : first + MAX_MISSED_HEIGHTS - 1n };
}

/** The lowest height whose system calls this chunk still owes: older ones are out of what can be asked for. */
export function firstUncovered({ height, parentChunk }: ChunkContext): bigint {
  const uncovered = parentChunk.coveredHeight + 1n;
  const remembered = height - HISTORY_WINDOW;
  return uncovered > remembered ? uncovered : remembered;
}

function reduced(amount: bigint, missed: bigint): bigint {
  return amount >> (missed < MAX_BACKOFF_EXPONENT ? missed : MAX_BACKOFF_EXPONENT);
}
