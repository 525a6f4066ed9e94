import { hexToBytes } from '@heddle/primitives';
import type { StateReader } from '@heddle/state';
import { BEACON_ROOTS_ADDRESS, type ChunkHeader, mergeBlooms, type ShardId } from '@heddle/types';
import { chunkEnvironment } from '../chunk/environment.ts';
import type { RejectedTransaction } from '../chunk/types.ts';
import { systemCall } from '../transaction/system-call.ts';
import type { BlockEnvironment } from '../transaction/types.ts';
import { Union } from '../world/union.ts';
import { World } from '../world/world.ts';
import type { SectionContext, SectionExecution, SectionOutcome } from './types.ts';

/** A section in the making. Belongs to one call, never shared. */
export interface SectionRun {
  readonly context: SectionContext;
  readonly environment: BlockEnvironment;
  readonly world: World;
  /** Whether it may hold transactions: some new chunk covers the height, so that its rings can be read. */
  readonly isOpen: boolean;
  readonly executed: SectionExecution[];
  /** Access-list index in use. */
  index: number;
  /** Sum of the receipts' gas so far. */
  cumulativeGas: bigint;
  /** Bytes of its transactions so far. */
  bytes: number;
  /** Wei. */
  tips: bigint;
  /** Wei that ceased to exist. */
  burned: bigint;
  /** Wei that control operations made. */
  minted: bigint;
}

/** Opens a section on the states after the chunks, one for each shard, and does the work of index 0. */
export function openSection(context: SectionContext, states: readonly StateReader[]): SectionRun {
  const historyShard = context.chunks.findIndex((chunk) => covers(chunk, context));
  const world = World.over(new Union(states));
  world.beginIndex(0);
  const run: SectionRun = {
    context,
    environment: chunkEnvironment(context, context.baseFeePerGas),
    world,
    isOpen: historyShard !== -1,
    executed: [],
    index: 0,
    cumulativeGas: 0n,
    bytes: 0,
    tips: 0n,
    burned: 0n,
    minted: 0n,
  };
  for (const [shard, chunk] of context.chunks.entries()) {
    if (covers(chunk, context) && chunk.timestamp < context.timestamp) repeatBeaconRoot(run, shard);
  }
  for (const chunk of context.chunks) if (chunk.height === context.height) creditTips(run, chunk);
  if (run.isOpen) world.readHistoryOf(historyShard);
  return run;
}

function covers(chunk: ChunkHeader, { height }: SectionContext): boolean {
  return chunk.height === height && chunk.coveredHeight === height;
}

/** EIP-4788 once more where the chunk's time is earlier, so that `get(block.timestamp)` works in the section. */
function repeatBeaconRoot({ world, context, environment }: SectionRun, shard: ShardId): void {
  const root = hexToBytes(context.parentBeaconBlockRoot);
  systemCall(world, environment, world.replica(BEACON_ROOTS_ADDRESS, shard), root);
}

/** What a chunk could not credit, since its coinbase lives elsewhere. */
function creditTips(run: SectionRun, { coinbase, tips, shard }: ChunkHeader): void {
  if (tips === 0n) return;
  run.world.lookFrom(shard);
  run.world.addBalance(coinbase, tips);
  run.tips += tips;
}

/** Everything that the run has come to. */
export function closeSection(run: SectionRun, rejected: readonly RejectedTransaction[]): SectionOutcome {
  const { world, executed, cumulativeGas, tips, burned, minted } = run;
  return {
    executed,
    rejected,
    changes: world.changesByShard(),
    accessLists: world.accessLists(),
    gasUsed: cumulativeGas,
    logsBloom: mergeBlooms(executed.map(({ receipt }) => receipt.logsBloom)),
    tips,
    burned,
    minted,
  };
}
