import { createLayer, type StateLayer } from '@heddle/state';
import type { BlockAccessList, RecoveredTransaction, SignedTransaction } from '@heddle/types';
import type { ChunkTask } from '../../src/chunk/chunk-run.ts';
import {
  type ChunkOutcome,
  executeChunk,
  LaneExecutor,
  type LanePool,
  type LaneReport,
  produceChunk,
  startLanePool,
} from '../../src/index.ts';
import type { TrialBlock } from './block.ts';
import { createInlinePool } from './inline-pool.ts';

/** What a path made of a block. */
export interface LaneRun {
  readonly outcome: ChunkOutcome;
  readonly layer: StateLayer;
  readonly report: LaneReport;
}

/** What is compared with the sequential path. Both throw what sequential execution throws. */
export interface LanePaths {
  /** With these many lanes. */
  readonly lanes: number;
  verify(
    block: TrialBlock,
    transactions: readonly RecoveredTransaction[],
    accessList: BlockAccessList,
  ): Promise<LaneRun>;
  build(block: TrialBlock): Promise<LaneRun>;
}

/** The sequential path itself: what the others must be equal to. */
export const SEQUENTIAL: LanePaths = {
  lanes: 1,
  verify: async (block, transactions) => {
    const { context, state, rules } = block;
    return finished(block, executeChunk(context, state, rules, transactions));
  },
  build: async (block) => {
    const { context, state, rules, candidates, gasTarget } = block;
    return finished(block, produceChunk(context, state, rules, candidates, gasTarget));
  },
};

function finished({ state }: TrialBlock, outcome: ChunkOutcome): LaneRun {
  const lanes = [outcome.included.length];
  const counts = { conflicts: 0, reexecutions: 0, handedBack: 0, disagreement: null };
  const microseconds = { prepare: 0, run: 0, finish: 0 };
  const report: LaneReport = { path: 'sequential', lanes, ...counts, microseconds };
  return { outcome, layer: createLayer(state, outcome.changes), report };
}

/** Paths for each lane count, and what ends their threads. */
export interface OpenLanePaths {
  readonly paths: readonly LanePaths[];
  close(): Promise<void>;
}

/** Where lanes run: on real threads, or on this one. */
export type LanePlace = 'workers' | 'inline';

/** One pool for each lane count. Nothing is too small for lanes. */
export function openLanePaths(laneCounts: readonly number[], place: LanePlace): OpenLanePaths {
  const opened = laneCounts.map((lanes) => openLanes(lanes, place));
  return {
    paths: opened.map(({ path }) => path),
    close: async () => {
      await Promise.all(opened.map(({ pool }) => pool.close()));
    },
  };
}

/** Recovering senders costs more than all the rest: one of the validators does it, as all do in life. */
const RECOVERING_LANES = 3;

function openLanes(lanes: number, place: LanePlace): { readonly path: LanePaths; readonly pool: LanePool } {
  let current: ChunkTask | null = null;
  const taskOf = (): ChunkTask => {
    if (current === null) throw new Error('nothing is being executed');
    return current;
  };
  const pool = place === 'workers' ? startLanePool(lanes) : createInlinePool(lanes, taskOf);
  const executor = new LaneExecutor(pool, { lanes, inlineBelow: 0, now: () => performance.now() * 1_000 });
  const isCurrent = (): boolean => true;
  const path: LanePaths = {
    lanes,
    verify: ({ context, rules, state }, transactions, accessList) => {
      const task = { context, rules };
      current = task;
      const body = {
        transactions: lanes === RECOVERING_LANES ? transactions.map(withoutSender) : transactions,
        accessList,
      };
      return executor.verify({ task, state, body, recovered: () => transactions, isCurrent });
    },
    build: ({ context, rules, state, candidates, gasTarget }) => {
      const task = { context, rules };
      current = task;
      return executor.build({ task, state, candidates, gasTarget, isCurrent });
    },
  };
  return { path, pool };
}

/** As it comes in a chunk from outside: the worker finds out who sent it. */
function withoutSender({ fields, signature, raw, hash }: RecoveredTransaction): SignedTransaction {
  return { fields, signature, raw, hash };
}
