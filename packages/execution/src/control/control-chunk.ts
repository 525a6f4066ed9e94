import { hexToBytes, ImpossibleStateError } from '@heddle/primitives';
import type { ShardRules } from '@heddle/sharding';
import type { StateReader } from '@heddle/state';
import { BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS, MAX_MISSED_HEIGHTS } from '@heddle/types';
import { CHUNK_START, type ChunkRun, openRun } from '../chunk/chunk-run.ts';
import { chunkEnvironment } from '../chunk/environment.ts';
import { HISTORY_WINDOW } from '../chunk/limits.ts';
import { settleChunk } from '../chunk/settle.ts';
import { baseFeeOf } from '../chunk/system-work.ts';
import type { ChunkContext, ChunkOutcome } from '../chunk/types.ts';
import { systemCall } from '../transaction/system-call.ts';

/**
 * A shard's canonical empty chunk in a control block: system work alone, for all heights since the shard's last chunk, a
 * run's derived blocks included. Messages wait for the next chunk. Everyone computes the same, so nobody signs it.
 */
export function executeControlChunk(context: ChunkContext, state: StateReader, rules: ShardRules): ChunkOutcome {
  const run = openRun({ context, rules }, state, CHUNK_START);
  coverHeights(run);
  return settleChunk(run, context.height, []);
}

/**
 * EIP-2935 for every height whose hash can still be asked for. EIP-4788 for the last 256 of them: an entry is found by
 * its timestamp, so one that is left out reads as absent and not as another's, and a run of 50,000 blocks stays cheap.
 */
function coverHeights(run: ChunkRun): void {
  const { context, world } = run;
  const uncovered = context.parentChunk.coveredHeight + 1n;
  const remembered = context.height - HISTORY_WINDOW;
  const withRoot = context.height - MAX_MISSED_HEIGHTS;
  const environment = chunkEnvironment(context, baseFeeOf(context, context.shard));
  for (let height = uncovered > remembered ? uncovered : remembered; height <= context.height; height += 1n) {
    const block = height === context.height ? context : ancestorAt(context, height);
    const at = { ...environment, number: height, timestamp: block.timestamp };
    if (height > withRoot) {
      const root = hexToBytes(block.parentBeaconBlockRoot);
      systemCall(world, at, world.account(BEACON_ROOTS_ADDRESS), root);
    }
    const parentHash = hexToBytes(ancestorAt(context, height - 1n).hash);
    systemCall(world, at, world.account(HISTORY_STORAGE_ADDRESS), parentHash);
  }
}

function ancestorAt(context: ChunkContext, height: bigint): NonNullable<ReturnType<ChunkContext['ancestor']>> {
  const ancestor = context.ancestor(height);
  if (ancestor === null)
    throw new ImpossibleStateError(`ancestor ${height} of control block ${context.height} is not known`);
  return ancestor;
}
