import { type ChunkExecutor, InlineExecutor, LaneExecutor, startLanePool } from '@heddle/execution';
import type { Clock } from '@heddle/runtime';
import { WarmingExecutor } from './warming-executor.ts';

export interface LaneOptions {
  /** Worker threads; 0 executes in line. */
  readonly workers: number;
  /** Estimated work of a chunk from which they execute it, µs. */
  readonly thresholdMicroseconds: number;
  /** For reports only. */
  readonly clock: Clock;
}

/** What the validators of a process execute chunks with. */
export interface OpenLanes {
  readonly executor: ChunkExecutor;
  /** Ends the threads, whatever they do; for when no validator runs any more. */
  close(): Promise<void>;
}

/** No thread is started yet. */
export function openLanes({ workers, thresholdMicroseconds, clock }: LaneOptions): OpenLanes {
  const now = (): number => clock.monotonicMs() * 1_000;
  const inLine = new InlineExecutor(now);
  if (workers === 0) return { executor: inLine, close: () => Promise.resolve() };
  const pool = startLanePool(workers);
  const inLanes = new LaneExecutor(pool, { lanes: workers, inlineBelow: thresholdMicroseconds, now });
  const executor = new WarmingExecutor({ pool, inLine, inLanes, thresholdMicroseconds });
  return { executor, close: () => pool.close() };
}
