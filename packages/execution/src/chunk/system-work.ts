import {
  bigintToBytes,
  concatBytes,
  hexToBytes,
  ImpossibleStateError,
  keccak256Hex,
  utf8ToBytes,
} from '@heddle/primitives';
import { BEACON_ROOTS_ADDRESS, HISTORY_STORAGE_ADDRESS, type Placement, ZERO_HASH } from '@heddle/types';
import { systemCall } from '../transaction/system-call.ts';
import type { BlockEnvironment } from '../transaction/types.ts';
import { heightsToCover } from './budgets.ts';
import { applyWrites, type ChunkRun, causeOf } from './chunk-run.ts';
import { chunkEnvironment } from './environment.ts';
import type { AncestorBlock, ChunkContext } from './types.ts';

/** Everything at access-list index 0. Returns the chunk's `coveredHeight`. */
export function runSystemWork(run: ChunkRun): bigint {
  const coveredHeight = runSystemCalls(run);
  for (const { height, placements } of run.context.placements) {
    if (height >= coveredHeight) break;
    for (const placement of placements) applyPlacement(run, placement);
  }
  return coveredHeight;
}

/** EIP-4788 and EIP-2935 for every height since the shard's last chunk, as if NUMBER were that height. */
function runSystemCalls(run: ChunkRun): bigint {
  const { context, rules, world } = run;
  const { first, last } = heightsToCover(context);
  for (let height = first; height <= last; height += 1n) {
    const block = blockAt(context, height);
    const environment: BlockEnvironment = {
      ...chunkEnvironment(context, ownBaseFee(context)),
      number: height,
      timestamp: block.timestamp,
    };
    systemCall(world, environment, rules, BEACON_ROOTS_ADDRESS, hexToBytes(block.parentBeaconBlockRoot));
    systemCall(world, environment, rules, HISTORY_STORAGE_ADDRESS, hexToBytes(block.parentHash));
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

/**
 * Lists a contract that came to life on another shard. What value had come to its home before goes after it; what comes
 * later is forwarded by the deliveries.
 */
function applyPlacement(run: ChunkRun, placement: Placement): void {
  const { world, rules } = run;
  const writes = rules.placementWrites(world.unrecorded, placement);
  if (writes.length === 0) return;
  applyWrites(run, writes);
  const residence = rules.residence(world.unrecorded, placement.address);
  const stranded = world.unrecorded.account(placement.address)?.balance ?? 0n;
  if (residence.kind === 'local' || stranded === 0n) return;
  world.subtractBalance(placement.address, stranded);
  const cause = causeOf(placementCause(run.context, placement), ZERO_HASH, placement.address);
  run.emitted.push({
    kind: 'transfer',
    id: cause.nextId(),
    destination: residence.shard,
    originTx: cause.originTx,
    sender: cause.sender,
    target: placement.address,
    value: stranded,
  });
}

/** No transaction causes the forward: its id comes from the placement, which a shard applies at most once. */
function placementCause(context: ChunkContext, placement: Placement): `0x${string}` {
  const shard = bigintToBytes(BigInt(context.shard), 4);
  return keccak256Hex(concatBytes(utf8ToBytes('heddle placement'), shard, hexToBytes(placement.address)));
}
