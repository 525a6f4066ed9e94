import { type CrashCase, caseName, caseNamed } from '../crash/crash-case.ts';
import { referencePoints } from '../crash/reference.ts';
import { type CaseOutcome, runCase } from '../crash/run-case.ts';
import { casesOf, type WalkPlan } from '../crash/walk.ts';
import { ViolationError, WorkerLostError } from '../errors.ts';
import { MAX_SEED_MS } from '../limits.ts';
import { ChildWorker } from './child-worker.ts';
import { isRecord } from './report-guard.ts';
import { formatTable } from './table.ts';
import { serve } from './worker.ts';

export interface CrashFlags {
  readonly plan: WalkPlan;
  readonly jobs: number;
  readonly json: boolean;
}

/** Walks the points and prints what came out; returns the exit code. */
export async function crashPoints({ plan, jobs, json }: CrashFlags): Promise<number> {
  const startedMs = Date.now();
  const cases = await casesOf(plan);
  const outcomes = await playCases(plan, cases, jobs, (outcome) => {
    const line = `${outcome.name} (${outcome.what}): ${firstLine(outcome.violation)}\n  ${replayCommand(plan, outcome)}\n`;
    (json ? process.stderr : process.stdout).write(line);
  });
  const failed = outcomes.filter(({ violation }) => violation !== null).length;
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  const totals = { points: new Set(cases.map(placeOf)).size, cases: cases.length, ...sumOf(outcomes), failed, seconds };
  print(json ? JSON.stringify({ ...plan, ...totals, stages: stagesOf(cases, outcomes) }) : textOf(cases, outcomes));
  if (!json) print(`${totals.points} points, ${totals.cases} cases, ${totals.crashes} crashes, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Plays one case again and prints its trace; returns the exit code. Throws InvalidCaseError. */
export async function replayCrashCase(plan: WalkPlan, name: string): Promise<number> {
  const machine = Number.parseInt(name, 10);
  const points = await referencePoints(plan, machine < plan.validators ? [machine] : []);
  const outcome = await runCase(plan, caseNamed(name, points), print);
  print(`${outcome.name} (${outcome.what}): ${outcome.violation ?? 'everything held'}`);
  return outcome.violation === null ? 0 : 1;
}

/** A child process of the command: plays the cases whose numbers its parent sends. */
export async function serveCrashCases(plan: WalkPlan): Promise<void> {
  const cases = casesOf(plan);
  serve(async (number) => {
    const crash = (await cases)[number];
    if (crash === undefined) throw new ViolationError('same-run', `this process has no case ${number}`);
    return runCase(plan, crash, () => {});
  });
}

async function playCases(
  plan: WalkPlan,
  cases: readonly CrashCase[],
  jobs: number,
  failed: (outcome: CaseOutcome) => void,
): Promise<readonly CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  let next = 0;
  const work = async (play: (number: number) => Promise<CaseOutcome>): Promise<void> => {
    while (next < cases.length) {
      const number = next;
      next += 1;
      const outcome = await play(number);
      outcomes[number] = outcome;
      if (outcome.violation !== null) failed(outcome);
    }
  };
  const workers = Array.from({ length: jobs }, () => crashWorker(plan, cases));
  await Promise.all(workers.map((worker) => work((number) => worker.ask(number))));
  for (const worker of workers) worker.stop();
  return outcomes;
}

function crashWorker(plan: WalkPlan, cases: readonly CrashCase[]): ChildWorker<CaseOutcome> {
  return new ChildWorker({
    words: ['crash-worker', JSON.stringify(plan)],
    limitMs: MAX_SEED_MS,
    isAnswer: isOutcome,
    lost: (number, reason) => {
      const crash = cases[number];
      const name = crash === undefined ? String(number) : caseName(crash);
      const violation = new WorkerLostError(`crash case ${name}`, reason).message;
      return { name, what: crash?.point.what ?? '', crashes: 0, violation };
    },
  });
}

function isOutcome(value: unknown): value is CaseOutcome {
  if (!isRecord(value)) return false;
  const { name, what, crashes, violation } = value;
  if (typeof name !== 'string' || typeof what !== 'string' || typeof crashes !== 'number') return false;
  return violation === null || typeof violation === 'string';
}

function replayCommand({ seed, validators }: WalkPlan, { name }: CaseOutcome): string {
  return `npm run simulate -- crash-points --seed ${seed} --validators ${validators} --case ${name}`;
}

interface Stage {
  readonly what: string;
  readonly points: number;
  readonly cases: number;
  readonly failed: number;
}

/** Sums by what the points are. */
function stagesOf(cases: readonly CrashCase[], outcomes: readonly CaseOutcome[]): readonly Stage[] {
  const names = [...new Set(cases.map(({ point }) => point.what))].sort();
  return names.map((what) => {
    const own = cases.filter(({ point }) => point.what === what);
    const failed = outcomes.filter((outcome) => outcome.what === what && outcome.violation !== null).length;
    return { what, points: new Set(own.map(placeOf)).size, cases: own.length, failed };
  });
}

function textOf(cases: readonly CrashCase[], outcomes: readonly CaseOutcome[]): string {
  const rows = stagesOf(cases, outcomes).map(({ what, points, cases: count, failed }) => [
    what,
    String(points),
    String(count),
    String(failed),
  ]);
  return formatTable(['crash point', 'points', 'cases', 'failed'], rows);
}

function sumOf(outcomes: readonly CaseOutcome[]): { readonly crashes: number } {
  return { crashes: outcomes.reduce((sum, { crashes }) => sum + crashes, 0) };
}

function placeOf({ point }: CrashCase): string {
  return `${point.machine}.${point.number}`;
}

function firstLine(text: string | null): string {
  return text?.split('\n')[0] ?? '';
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
