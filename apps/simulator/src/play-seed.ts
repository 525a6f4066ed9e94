import { INVARIANTS } from './checkers/index.ts';
import { type PlanTerms, planOf } from './plan.ts';
import { scenarioNamed } from './scenarios/index.ts';
import { runSeed, type SeedReport } from './world/run-seed.ts';

/** Plays what the seed draws, all invariants watching. `write` gets every line of the trace. Throws UnknownNameError. */
export function playSeed(seed: number, terms: PlanTerms, write: (line: string) => void): Promise<SeedReport> {
  const plan = planOf(seed, terms);
  return runSeed({ plan, scenario: scenarioNamed(plan.scenario), invariants: INVARIANTS, write });
}
