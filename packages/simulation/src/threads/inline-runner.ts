import type { SimulationRunner } from '../engine/job.ts';
import { runJob } from '../engine/run-job.ts';
import { SimulationCancelledError } from '../errors.ts';
import type { StateSource } from '../types.ts';

/** Does jobs at once on the thread that asks, without a limit in time: for tests and the simulator. */
export function inlineRunner(source: StateSource): SimulationRunner {
  return {
    run: async (kind, task, signal) => {
      if (signal.aborted) throw new SimulationCancelledError();
      return runJob(kind, task, source);
    },
  };
}
