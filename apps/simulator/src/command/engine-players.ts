import { setImmediate } from 'node:timers/promises';
import type { EngineReport } from '../engine/report.ts';
import { EngineViolation } from '../engine/violation.ts';
import { type EngineWork, workNamed } from '../engine/work.ts';
import { WorkerLostError } from '../errors.ts';
import { MAX_SEED_MS } from '../limits.ts';
import type { SeedReport } from '../world/run-seed.ts';
import { ChildWorker } from './child-worker.ts';
import type { Player } from './players.ts';
import { isSeedReport } from './report-guard.ts';
import { serve } from './worker.ts';

/** In this process. Between two runs it listens to signals: a run itself never waits. */
export function localEnginePlayer(work: EngineWork): Player {
  const play = async (index: number): Promise<SeedReport> => {
    await setImmediate();
    return runWork(work, index);
  };
  return { play, stop: () => {} };
}

/** In a process of its own; a run that it is lost with has failed. */
export function childEnginePlayer(work: EngineWork): Player {
  const worker = new ChildWorker({
    words: ['engine-worker', work.name],
    limitMs: MAX_SEED_MS,
    isAnswer: isSeedReport,
    lost: (index, reason) =>
      failure(work, index, 'no-endless-run', new WorkerLostError(`${work.name} ${index}`, reason).message),
  });
  return { play: (index) => worker.ask(index), stop: () => worker.stop() };
}

/** A child process: answers each index with the report of its run. Throws UnknownNameError. */
export function serveWork(name: string): void {
  const work = workNamed(name);
  serve(async (index) => runWork(work, index));
}

function runWork(work: EngineWork, index: number): SeedReport {
  try {
    return seedReport(work.run(index), index);
  } catch (error) {
    if (error instanceof EngineViolation) return failure(work, index, error.facts.invariant, error.message);
    return failure(work, index, 'no-unexpected-error', error instanceof Error ? `${error.stack}` : String(error));
  }
}

function seedReport(report: EngineReport, seed: number): SeedReport {
  const { scenario, n, blocks, views, crashes, messages, elapsedMs, traceHash } = report;
  const sums = { blocks, views, crashes, messages, delivered: 0, inSections: 0, controls: 0, virtualMs: elapsedMs };
  return { seed, scenario, validators: n, shards: 0, dispatch: false, ...sums, traceHash, violation: null };
}

/** How far a run came that failed is not known. */
function failure({ name }: EngineWork, seed: number, invariant: string, detail: string): SeedReport {
  const sums = { blocks: 0, views: 0, crashes: 0, messages: 0, delivered: 0, inSections: 0, controls: 0, virtualMs: 0 };
  return {
    seed,
    scenario: name,
    validators: 0,
    shards: 0,
    dispatch: false,
    ...sums,
    traceHash: '',
    violation: { invariant, detail },
  };
}
