import type { MutationRun, RunOutcome, RunReport } from './job.ts';
import type { Mutant } from './mutant.ts';
import { runJob } from './run-job.ts';

export interface GateOptions {
  readonly mutants: readonly Mutant[];
  /** Processes at a time. */
  readonly jobs: number;
  /** Told of every line, in no particular order but the last. */
  write(line: string): void;
}

/** Plays every mutant against the scenario that has to catch it; whether all were caught, and every scenario is sound. */
export async function runGate({ mutants, jobs, write }: GateOptions): Promise<boolean> {
  const unsound: RunReport[] = [];
  let caught = 0;
  const tasks = [
    ...baselinesOf(mutants, jobs).map((runs) => async () => {
      for (const report of await runJob({ mutant: null, runs })) {
        if (report.outcome.kind === 'survived') continue;
        unsound.push(report);
        write(`${report.scenario} fails without any mutant: ${describe(report.outcome)}`);
      }
    }),
    ...mutants.map((mutant) => async () => {
      const startedMs = Date.now();
      const [report] = await runJob({ mutant, runs: [{ scenario: mutant.scenario, seeds: mutant.seeds }] });
      if (report === undefined) return;
      if (report.outcome.kind === 'caught') caught += 1;
      write(lineOf(mutant, report.outcome, Date.now() - startedMs));
    }),
  ];
  await inParallel(tasks, jobs);
  write(`${caught} / ${mutants.length}`);
  return caught === mutants.length && unsound.length === 0;
}

/** Every scenario once, with the most seeds that a mutant asks of it, in as many shares as there are processes. */
function baselinesOf(mutants: readonly Mutant[], shares: number): readonly (readonly MutationRun[])[] {
  const seeds = new Map<string, number>();
  for (const mutant of mutants) seeds.set(mutant.scenario, Math.max(mutant.seeds, seeds.get(mutant.scenario) ?? 0));
  const runs = [...seeds].map(([scenario, most]): MutationRun => ({ scenario, seeds: most }));
  const dealt = Array.from({ length: shares }, (_, share) => runs.filter((_run, index) => index % shares === share));
  return dealt.filter((share) => share.length > 0);
}

async function inParallel(tasks: readonly (() => Promise<void>)[], jobs: number): Promise<void> {
  const waiting = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

function lineOf({ name, rule, scenario, seeds }: Mutant, outcome: RunOutcome, ms: number): string {
  const needed = outcome.kind === 'caught' ? `${outcome.seeds}` : `${seeds}`;
  const columns = [name.padEnd(44), rule.padEnd(14), scenario.padEnd(28), needed.padStart(4), `${ms} ms`.padStart(9)];
  return `${columns.join('  ')}  ${describe(outcome)}`;
}

function describe(outcome: RunOutcome): string {
  switch (outcome.kind) {
    case 'caught':
      return 'caught';
    case 'survived':
      return 'SURVIVED';
    case 'broken':
      return `BROKEN: ${outcome.detail}`;
  }
}
