import { type EngineUnderTest, realEngine } from '../src/engine/engine-under-test.ts';
import type { EngineReport } from '../src/engine/report.ts';
import { largeSeedOptions, runEngineSeed, standardSeedOptions } from '../src/engine/seeds.ts';
import { EngineViolation } from '../src/engine/violation.ts';
import { engineWork } from '../src/engine/work.ts';
import { engineScenarios } from '../src/regressions/engine/index.ts';
import { runForkSeed } from '../src/twins/forks.ts';
import { brokenEngines } from './engine-variants.ts';

/** Larger sets take longer. */
const TWINS_RUNS: Readonly<Partial<Record<string, number>>> = { 'twins-n7-sampled': 40, 'twins-n10-sampled': 20 };

/** One part of the engine tests, as JSON on standard output: jest's VM makes tight loops some 20 times slower. */
const PARTS = {
  scenarios: () =>
    engineScenarios.map(({ name, budget, run }) => ({ name, ...tally(budget, (i) => run(i, realEngine)) })),
  broken: () => brokenEngines.map(({ name, engine }) => ({ name, foundBy: finderOf(engine) })),
  seeds: () => {
    const played = (): SeedsTally => {
      let convicted = 0;
      const counted = tally(120, (i) => {
        const report = runEngineSeed(i, standardSeedOptions);
        convicted += report.convicted;
        return report;
      });
      return { ...counted, convicted };
    };
    return { ...played(), again: played().traceHash };
  },
  large: () => tally(1, (i) => runEngineSeed(i, { ...largeSeedOptions, sizes: [31] })),
  twins: () =>
    engineWork
      .filter(({ name }) => name.startsWith('twins'))
      .map(({ name, count, run }) => {
        const runs = TWINS_RUNS[name] ?? 300;
        return { name, ...tally(runs, (i) => run(i * Math.floor(Math.min(count, 2 ** 20) / runs))) };
      }),
  forks: () => {
    let forked = 0;
    const counted = tally(80, (i) => {
      const report = runForkSeed(i);
      if (report.forks > 0) forked += 1;
      return report;
    });
    return { ...counted, forked };
  },
} as const;

/** The first scenario that a broken engine fails. */
function finderOf(engine: EngineUnderTest): string | null {
  const fails = (run: () => EngineReport): boolean => tally(1, run).failures.length > 0;
  const finder = engineScenarios.find(({ run }) => fails(() => run(0, engine)) || fails(() => run(1, engine)));
  return finder?.name ?? null;
}

interface Tally {
  readonly runs: number;
  readonly failures: readonly string[];
  readonly blocks: number;
  readonly crashes: number;
  /** Of the last run. */
  readonly traceHash: string;
}

interface SeedsTally extends Tally {
  /** Validators that something said convicts, over all seeds. */
  readonly convicted: number;
}

function tally(runs: number, run: (index: number) => EngineReport): Tally {
  const failures: string[] = [];
  let [blocks, crashes, traceHash] = [0, 0, ''];
  for (let index = 0; index < runs; index += 1) {
    try {
      const report = run(index);
      blocks += report.blocks;
      crashes += report.crashes;
      traceHash = report.traceHash;
    } catch (error) {
      const isFinding = error instanceof EngineViolation;
      failures.push(`${index}: ${isFinding ? error.message : error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return { runs, failures, blocks, crashes, traceHash };
}

const part = Object.entries(PARTS).find(([name]) => name === process.argv[2]);
if (part === undefined) throw new Error(`a part is one of ${Object.keys(PARTS).join(', ')}`);
process.stdout.write(`${JSON.stringify(part[1]())}\n`);
