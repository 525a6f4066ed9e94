/** A process of the mutation gate: plays the runs of its job and sends a report of each. */
import { jobOfThisProcess, type MutationRun, type RunOutcome } from './job.ts';
import { isMutantLoaded } from './preload.ts';

const { mutant, runs } = jobOfThisProcess();
for (const run of runs) process.send?.({ ...run, outcome: await outcomeOf(run) });
process.disconnect();

async function outcomeOf(run: MutationRun): Promise<RunOutcome> {
  try {
    const outcome = await play(run);
    if (mutant !== null && !isMutantLoaded()) return { kind: 'broken', detail: `${mutant.file} was never loaded` };
    return outcome;
  } catch (error) {
    return { kind: 'broken', detail: error instanceof Error ? String(error.stack) : String(error) };
  }
}

async function play({ scenario, seeds }: MutationRun): Promise<RunOutcome> {
  // Only now: the hook is in place, and a broken mutant fails here, in the process of its own job.
  const { playOf } = await import('./plays.ts');
  const playSeed = await playOf(scenario);
  for (let seed = 0; seed < seeds; seed++) {
    const violation = await playSeed(seed);
    if (violation !== null) return { kind: 'caught', seeds: seed + 1, detail: violation };
  }
  return { kind: 'survived' };
}
