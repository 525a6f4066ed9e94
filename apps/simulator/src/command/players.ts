import { WorkerLostError } from '../errors.ts';
import { MAX_SEED_MS } from '../limits.ts';
import { type PlanTerms, planOf } from '../plan.ts';
import { playSeed } from '../play-seed.ts';
import type { SeedReport } from '../world/run-seed.ts';
import { ChildWorker } from './child-worker.ts';
import { isSeedReport } from './report-guard.ts';

/** Plays seeds, one at a time. */
export interface Player {
  play(seed: number): Promise<SeedReport>;
  stop(): void;
}

/** In this process. `write` gets every line of the trace. */
export function localPlayer(terms: PlanTerms, write: (line: string) => void): Player {
  return { play: (seed) => playSeed(seed, terms, write), stop: () => {} };
}

/** In a process of its own; a seed that it is lost with has failed. */
export function childPlayer(terms: PlanTerms): Player {
  const worker = new ChildWorker({
    words: ['worker', JSON.stringify(terms)],
    limitMs: MAX_SEED_MS,
    isAnswer: isSeedReport,
    lost: (seed, reason) => lostReport(seed, terms, reason),
  });
  return { play: (seed) => worker.ask(seed), stop: () => worker.stop() };
}

function lostReport(seed: number, terms: PlanTerms, reason: string): SeedReport {
  const plan = planOf(seed, terms);
  return {
    seed,
    scenario: plan.scenario,
    validators: plan.validators,
    shards: plan.shards,
    dispatch: plan.dispatch,
    blocks: 0,
    views: 0,
    crashes: 0,
    messages: 0,
    delivered: 0,
    inSections: 0,
    controls: 0,
    virtualMs: 0,
    traceHash: '',
    violation: { invariant: 'no-endless-run', detail: new WorkerLostError(`seed ${seed}`, reason).message },
  };
}
