import { criticalPath } from '../../packages/execution/src/lanes/predict/critical-path.ts';
import { dependenciesOf } from '../../packages/execution/src/lanes/predict/dependencies.ts';
import type { Accesses } from '../../packages/execution/src/lanes/results.ts';
import { LaneRun } from '../../packages/execution/src/lanes/run-lane.ts';
import type { RecoveredTransaction } from '../../packages/types/src/index.ts';
import type { BenchChunk } from './chunk.ts';

/** How many times as fast as one lane, at best, for each lane count: gas over the gas of the critical path. */
export function laneSpeedups(
  { task, state }: BenchChunk,
  transactions: readonly RecoveredTransaction[],
  laneCounts: readonly number[],
): Readonly<Record<number, number>> {
  const lane = new LaneRun(task, state, null);
  const accesses: Accesses[] = [];
  const costs: number[] = [];
  for (const [position, transaction] of transactions.entries()) {
    const result = lane.run(transaction, position);
    if (result.kind !== 'done') throw new Error(`transaction ${position} of a workload did not run`);
    accesses.push(result.accesses);
    costs.push(Number(result.effects.gasTaken));
  }
  const dependencies = dependenciesOf(accesses);
  const sum = costs.reduce((total, cost) => total + cost, 0);
  return Object.fromEntries(laneCounts.map((lanes) => [lanes, sum / criticalPath(costs, dependencies, lanes)]));
}
