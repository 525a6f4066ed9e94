import { availableParallelism } from 'node:os';
import type { Scheduler } from '@heddle/runtime';
import { ShortCalls, type SimulationRunner, startSimulationPool } from '@heddle/simulation';
import { SIMULATION_WARM_UP_MS } from '../limits.ts';
import { answeringRunner } from './answering-runner.ts';
import type { NodeGroup } from './node-group.ts';
import { createStateSource } from './state-source.ts';

/** What executes calls and traces beside the validators of a process. */
export interface OpenSimulation {
  /** Rejects with an `RpcError` where a user can do something about it. */
  readonly runner: SimulationRunner;
  /** Calls that need none of its threads. */
  readonly shortCalls: ShortCalls;
  /** Ends its threads. Before the validators are closed: threads read their state. */
  close(): Promise<void>;
}

/** The first thread starts a little later: nobody who waits for the network to start waits for it. */
export function openSimulation(group: NodeGroup, scheduler: Scheduler): OpenSimulation {
  const source = createStateSource(group);
  const pool = startSimulationPool({ workers: workerCount(), source });
  const cancelWarmUp = scheduler.after(SIMULATION_WARM_UP_MS, () => pool.warmUp());
  return {
    runner: answeringRunner(pool),
    shortCalls: new ShortCalls(source),
    close: () => {
      cancelWarmUp();
      return pool.close();
    },
  };
}

/** Two, so that a long job does not keep the others waiting; more where cores are left beside consensus. */
function workerCount(): number {
  return Math.min(Math.max(2, availableParallelism() - 1), MOST_WORKERS);
}

/** A worker takes some 50 MB. */
const MOST_WORKERS = 4;
