import type { MutationRun, RunOutcome } from '../../src/mutation/job.ts';
import { runJob } from '../../src/mutation/run-job.ts';

/** What becomes of each scenario: 'survived' when no invariant broke. Two processes play all of them: a start costs as much as a seed. */
export async function playAll(runs: readonly MutationRun[]): Promise<ReadonlyMap<string, RunOutcome>> {
  const halves = [0, 1].map((half) => runs.filter((_, index) => index % 2 === half));
  const reports = await Promise.all(halves.map((half) => runJob({ mutant: null, runs: half })));
  return new Map(reports.flat().map(({ scenario, outcome }) => [scenario, outcome]));
}
