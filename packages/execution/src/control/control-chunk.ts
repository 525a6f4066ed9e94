import { withoutPauses } from '@heddle/primitives';
import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { MAX_MISSED_HEIGHTS } from '@heddle/types';
import { firstUncovered } from '../chunk/budgets.ts';
import { CHUNK_START, type ChunkRun, openRun } from '../chunk/chunk-run.ts';
import { settleChunk } from '../chunk/settle.ts';
import { blockAt, storeBeaconRoot, storeParentHash } from '../chunk/system-work.ts';
import type { ChunkContext, ChunkOutcome } from '../chunk/types.ts';
import { COVERED_STEP_HEIGHTS } from '../limits.ts';

/**
 * A shard's canonical empty chunk in a control block: system work alone, for all heights since the shard's last chunk, a
 * run's derived blocks included. Messages wait for the next chunk. Everyone computes the same, so nobody signs it. Pauses behind
 * every `COVERED_STEP_HEIGHTS`.
 */
export function* executeControlChunkInSteps(
  context: ChunkContext,
  state: StateReader,
  rules: ShardRules,
): Generator<void, ChunkOutcome> {
  const run = openRun({ context, rules }, state, CHUNK_START);
  yield* coverHeights(run);
  return settleChunk(run, context.height, []);
}

/** As `executeControlChunkInSteps`, without pauses. */
export function executeControlChunk(context: ChunkContext, state: StateReader, rules: ShardRules): ChunkOutcome {
  return withoutPauses(executeControlChunkInSteps(context, state, rules));
}

/**
 * EIP-2935 for every height whose hash can still be asked for. EIP-4788 for the last 256 of them: an entry is found by
 * its timestamp, so one that is left out reads as absent and not as another's, and a run of 50,000 blocks stays cheap.
 */
function* coverHeights(run: ChunkRun): Generator<void> {
  const { context } = run;
  const withRoot = context.height - MAX_MISSED_HEIGHTS;
  for (let height = firstUncovered(context); height <= context.height; height += 1n) {
    const block = blockAt(context, height);
    if (height > withRoot) storeBeaconRoot(run, height, block);
    storeParentHash(run, height, block);
    if (height % COVERED_STEP_HEIGHTS === 0n) yield;
  }
}
