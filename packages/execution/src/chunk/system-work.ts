import { hexToBytes, ImpossibleStateError } from '@heddle/primitives';
import { type Address, BEACON_ROOTS_ADDRESS, type Hash, HISTORY_STORAGE_ADDRESS } from '@heddle/types';
import { systemCall } from '../transaction/system-call.ts';
import { heightsToCover } from './budgets.ts';
import type { ChunkRun } from './chunk-run.ts';
import { chunkEnvironment } from './environment.ts';
import type { AncestorBlock, ChunkContext } from './types.ts';

/**
 * Everything at access-list index 0: EIP-4788 and EIP-2935 for every height since the shard's last chunk, as if NUMBER
 * were that height. Returns the chunk's `coveredHeight`.
 */
export function runSystemWork(run: ChunkRun): bigint {
  const { first, last } = heightsToCover(run.context);
  for (let height = first; height <= last; height += 1n) {
    const block = blockAt(run.context, height);
    storeBeaconRoot(run, height, block);
    storeParentHash(run, height, block);
  }
  return last;
}

/** EIP-4788 of `height`. */
export function storeBeaconRoot(run: ChunkRun, height: bigint, block: CoveredBlock): void {
  systemCallAt(run, height, block, BEACON_ROOTS_ADDRESS, block.parentBeaconBlockRoot);
}

/** EIP-2935 of `height`. */
export function storeParentHash(run: ChunkRun, height: bigint, block: CoveredBlock): void {
  systemCallAt(run, height, block, HISTORY_STORAGE_ADDRESS, block.parentHash);
}

function systemCallAt(
  { context, world }: ChunkRun,
  height: bigint,
  { timestamp }: CoveredBlock,
  contract: Address,
  input: Hash,
): void {
  const environment = { ...chunkEnvironment(context, ownBaseFee(context)), number: height, timestamp };
  systemCall(world, environment, world.account(contract), hexToBytes(input));
}

/** A block as its system calls see it. */
type CoveredBlock = Omit<AncestorBlock, 'hash'> & { readonly parentHash: Hash };

/** What the system calls of `height` store: of an ancestor, or of the block that is being made. */
export function blockAt(context: ChunkContext, height: bigint): CoveredBlock {
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
