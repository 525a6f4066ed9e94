import { CHUNK_DEADLINE_CAP_MS, CHUNK_DEADLINE_GROWTH, DOWN_AFTER_MISSED_HEIGHTS } from './limits.ts';

/**
 * How long a leader waits for the chunks of one shard, in ms: D·1.5^missed, at most `CHUNK_DEADLINE_CAP_MS` (or D where
 * D itself is longer).
 */
export function shardDeadlineMs(chunkDeadlineMs: number, missed: number): number {
  const cap = Math.max(chunkDeadlineMs, CHUNK_DEADLINE_CAP_MS);
  return Math.min(chunkDeadlineMs * CHUNK_DEADLINE_GROWTH ** missed, cap);
}

/**
 * How long a leader waits before it proposes without the missing chunks, in ms. The slowest shard that isn't down
 * decides; if all are down, the slowest of all. A function of the parent block alone, so that followers can extend
 * both view timers by the same amount (the result less D).
 *
 * @param missed heights in a row that each shard has missed at the parent, in shard order.
 */
export function proposalDeadlineMs(chunkDeadlineMs: number, missed: readonly number[]): number {
  const alive = missed.filter((count) => count < DOWN_AFTER_MISSED_HEIGHTS);
  const deciding = alive.length > 0 ? alive : missed;
  return deciding.reduce(
    (longest, count) => Math.max(longest, shardDeadlineMs(chunkDeadlineMs, count)),
    chunkDeadlineMs,
  );
}
