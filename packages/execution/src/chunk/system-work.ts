import { hexToBytes, ImpossibleStateError } from '@heddle/primitives';
import { BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { systemCall } from '../transaction/system-call.ts';
import type { BlockEnvironment } from '../transaction/types.ts';
import { heightsToCover } from './budgets.ts';
import type { ChunkRun } from './chunk-run.ts';
import { chunkEnvironment } from './environment.ts';
import type { AncestorBlock, ChunkContext } from './types.ts';

/**
 * Everything at access-list index 0: EIP-4788 and EIP-2935 for every height since the shard's last chunk, as if NUMBER
 * were that height. Returns the chunk's `coveredHeight`.
 */
export function runSystemWork(run: ChunkRun): bigint {
  const { context, world } = run;
  const { first, last } = heightsToCover(context);
  for (let height = first; height <= last; height += 1n) {
    const block = blockAt(context, height);
    const environment: BlockEnvironment = {
      ...chunkEnvironment(context, ownBaseFee(context)),
      number: height,
      timestamp: block.timestamp,
    };
    systemCall(world, environment, world.account(BEACON_ROOTS_ADDRESS), hexToBytes(block.parentBeaconBlockRoot));
    systemCall(world, environment, world.account(HISTORY_STORAGE_ADDRESS), hexToBytes(block.parentHash));
  }
  return last;
}

/** What the system calls of `height` store: of an ancestor, or of the block that is being made. */
function blockAt(
  context: ChunkContext,
  height: bigint,
): Omit<AncestorBlock, 'hash'> & { readonly parentHash: AncestorBlock['hash'] } {
  if (height === context.height) {
    const { timestamp, parentBeaconBlockRoot, parentBlockHash } = context;
    return { timestamp, parentBeaconBlockRoot, parentHash: parentBlockHash };
  }
  const block = context.ancestor(height);
  const parent = context.ancestor(height - 1n);
  if (block === null || parent === null) {
    throw new ImpossibleStateError(`ancestor ${height} of a chunk at height ${context.height} is not known`);
  }
  return { timestamp: block.timestamp, parentBeaconBlockRoot: block.parentBeaconBlockRoot, parentHash: parent.hash };
}

/** This shard's own base fee. */
function ownBaseFee(context: ChunkContext): bigint {
  return baseFeeOf(context, context.shard);
}

/** The base fee of a shard's chunks on this parent. */
export function baseFeeOf(context: ChunkContext, shard: number): bigint {
  const fee = context.baseFees[shard];
  if (fee === undefined) throw new ImpossibleStateError(`no base fee for shard ${shard}`);
  return fee;
}
