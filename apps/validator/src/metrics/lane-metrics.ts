import type { FinalBlockFacts } from '@heddle/node';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds: an empty chunk takes microseconds, a full one up to the block time. */
const SECONDS_BUCKETS = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1];
const SHARE_BUCKETS = [0.25, 0.5, 0.75, 0.9, 1];

/** How this machine executed the chunks of final blocks: in line, or in lanes, and how full those were. */
export function laneMetrics(registry: Registry): (block: Pick<FinalBlockFacts, 'executions'>) => void {
  const registers = [registry];
  const chunks = new Counter({
    name: 'heddle_chunks_executed_total',
    help: 'Chunks of final blocks, by how they were executed here: sequential, or in lanes as producer or validator',
    labelNames: ['path'],
    registers,
  });
  const seconds = new Histogram({
    name: 'heddle_chunk_execution_seconds',
    help: 'Time that the execution of a chunk took here',
    labelNames: ['path'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const occupancy = new Histogram({
    name: 'heddle_lane_occupancy',
    help: 'Transactions of a chunk that was produced here in lanes, as a share of what its lanes held if all were as full as the fullest',
    buckets: SHARE_BUCKETS,
    registers,
  });
  const repeated = new Counter({
    name: 'heddle_lane_reexecutions_total',
    help: 'Transactions that were executed a second time in order: their lane had read what did not hold, or could not do them',
    registers,
  });
  return ({ executions }) => {
    for (const { path, lanes, reexecutions, microseconds } of executions) {
      chunks.inc({ path });
      seconds.observe({ path }, (microseconds.prepare + microseconds.run + microseconds.finish) / 1_000_000);
      repeated.inc(reexecutions);
      const share = path === 'producer' ? occupancyOf(lanes) : null;
      if (share !== null) occupancy.observe(share);
    }
  };
}

/** 0 … 1; null where there was nothing to do. */
function occupancyOf(lanes: readonly number[]): number | null {
  const fullest = Math.max(0, ...lanes);
  if (fullest === 0) return null;
  return lanes.reduce((sum, count) => sum + count, 0) / (fullest * lanes.length);
}
