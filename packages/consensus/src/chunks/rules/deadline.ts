import { MAX_MISSED_HEIGHTS } from '@heddle/types';
import {
  CHUNK_DEADLINE_CAP_MS,
  CHUNK_DEADLINE_GROWTH,
  DOWN_AFTER_MISSED_HEIGHTS,
  FIRST_PATIENT_HEIGHT,
  LATE_PATIENCE,
  PATIENCE_CAP_MS,
  PATIENCE_DIVISOR,
  PATIENT_GAP,
} from '../limits.ts';

/*
 * How long a leader waits for the chunks of a shard (protocol.md, "A shard that is missing…"): everything follows from
 * the heights in a row that each shard missed at the parent, so that all followers extend their timers by as much.
 */

/** D·1.5^missed, at most `capMs` (or D where D itself is longer). In ms. */
function grownMs(chunkDeadlineMs: number, missed: number, capMs: number): number {
  return Math.min(chunkDeadlineMs * CHUNK_DEADLINE_GROWTH ** missed, Math.max(chunkDeadlineMs, capMs));
}

/**
 * Whether the leader waits for a shard that counts as down, after `missed` heights: at the 8th, 17th, 26th, 39th, and
 * so on at distances of half the count. Never at a fixed distance: every eighth height has the same
 * producer where the set has four members, or eight, and that one may be the one that is down.
 */
export function isPatientHeight(missed: number): boolean {
  let height = FIRST_PATIENT_HEIGHT;
  while (height < missed) height += Math.max(PATIENT_GAP, Math.floor(height / 2));
  return height === missed;
}

/**
 * How long a leader waits for the chunks of one shard among others that are not down, in ms. While it is not down,
 * D·1.5^missed. From then on D, so that a dead shard does not slow the others; but at a patient height the full grown
 * deadline, whose cap grows with the heights that the shard has been missing for. So a slow shard gets through before it
 * may only catch up, and in the long run a dead one costs the others some 6·D a height.
 */
export function shardDeadlineMs(chunkDeadlineMs: number, missed: number): number {
  if (missed < DOWN_AFTER_MISSED_HEIGHTS) return grownMs(chunkDeadlineMs, missed, CHUNK_DEADLINE_CAP_MS);
  if (!isPatientHeight(missed)) return chunkDeadlineMs;
  const patience = missed <= MAX_MISSED_HEIGHTS ? missed / PATIENCE_DIVISOR : LATE_PATIENCE;
  const capMs = Math.min(Math.max(CHUNK_DEADLINE_CAP_MS, patience * chunkDeadlineMs * missed), PATIENCE_CAP_MS);
  return grownMs(chunkDeadlineMs, missed, capMs);
}

/**
 * How long a leader waits before it proposes without the missing chunks, in ms: as long as any shard is waited for. The
 * one that missed fewest heights never counts as down: if all are down, nobody is slowed by waiting for the one that
 * may be back soonest.
 *
 * @param missed heights in a row that each shard has missed at the parent, in shard order.
 */
export function proposalDeadlineMs(chunkDeadlineMs: number, missed: readonly number[]): number {
  if (missed.length === 0) return chunkDeadlineMs;
  const fewest = missed.reduce((least, count) => Math.min(least, count));
  const capMs = fewest < DOWN_AFTER_MISSED_HEIGHTS ? CHUNK_DEADLINE_CAP_MS : PATIENCE_CAP_MS;
  const waits = missed.map((count) => shardDeadlineMs(chunkDeadlineMs, count));
  return waits.reduce((longest, wait) => Math.max(longest, wait), grownMs(chunkDeadlineMs, fewest, capMs));
}
