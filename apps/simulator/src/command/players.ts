import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { WorkerLostError } from '../errors.ts';
import { MAX_SEED_MS } from '../limits.ts';
import { type PlanTerms, planOf } from '../plan.ts';
import { runSeed, type SeedReport } from '../world/run-seed.ts';
import { isSeedReport } from './report-guard.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** Plays seeds, one at a time. */
export interface Player {
  play(seed: number): Promise<SeedReport>;
  stop(): void;
}

/** In this process. `write` gets every line of the trace. */
export function localPlayer(terms: PlanTerms, write: (line: string) => void): Player {
  return { play: (seed) => runSeed(planOf(seed, terms), write), stop: () => {} };
}

/** In a process of its own, which is started again when it is lost: its seed has failed then. */
export function childPlayer(terms: PlanTerms): Player {
  let child: ChildProcess | null = null;
  const play = (seed: number): Promise<SeedReport> =>
    new Promise((resolve) => {
      const worker =
        child ?? fork(MAIN, ['worker', JSON.stringify(terms)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      child = worker;
      const finish = (report: SeedReport): void => {
        clearTimeout(limit);
        worker.removeAllListeners();
        resolve(report);
      };
      const lose = (reason: string): void => {
        child = null;
        finish(lostReport(seed, terms, reason));
      };
      const limit = setTimeout(() => {
        worker.kill('SIGKILL');
        lose(`no end within ${MAX_SEED_MS} ms`);
      }, MAX_SEED_MS);
      worker.on('message', (report) => {
        if (isSeedReport(report)) finish(report);
      });
      worker.on('error', (error) => lose(error.message));
      worker.on('exit', (code, signal) => lose(`exit ${signal ?? code}`));
      worker.send(seed);
    });
  return {
    play,
    stop: () => {
      child?.removeAllListeners();
      child?.kill();
      child = null;
    },
  };
}

function lostReport(seed: number, terms: PlanTerms, reason: string): SeedReport {
  const plan = planOf(seed, terms);
  return {
    seed,
    scenario: plan.scenario.name,
    validators: plan.validators,
    shards: plan.shards,
    blocks: 0,
    views: 0,
    crashes: 0,
    messages: 0,
    virtualMs: 0,
    traceHash: '',
    violation: { invariant: 'no-endless-run', detail: new WorkerLostError(seed, reason).message },
  };
}
