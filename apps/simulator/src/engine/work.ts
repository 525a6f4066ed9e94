import { runForkSeed } from '../twins/forks.ts';
import { exhaustiveTwins, runSampledTwins, runTwins, wideIndex, wideTwins } from '../twins/twins.ts';
import type { EngineReport } from './report.ts';
import { largeSeedOptions, runEngineSeed, standardSeedOptions } from './seeds.ts';

/** A numbered row of independent runs: a campaign does any range of them, in any order, and goes on where it stopped. */
export interface EngineWork {
  readonly name: string;
  /** Runs there are: for seeds, as many as there are seeds. */
  readonly count: number;
  /** 0 ≤ index < count. Throws EngineViolation. */
  readonly run: (index: number) => EngineReport;
}

const SEEDS = 2 ** 32;

/** Everything that the engine world can run by the million; the directed scenarios stand in `scenarios.ts`. */
export const engineWork: readonly EngineWork[] = [
  { name: 'engine-seeds', count: SEEDS, run: (seed) => runEngineSeed(seed, standardSeedOptions) },
  { name: 'engine-seeds-large', count: SEEDS, run: (seed) => runEngineSeed(seed, largeSeedOptions) },
  ...exhaustiveTwins.map((space) => {
    return { name: space.name, count: space.count, run: (index: number) => runTwins(space, index) };
  }),
  { name: 'twins-n4-sampled', count: wideTwins.count, run: (nth) => runTwins(wideTwins, wideIndex(nth)) },
  { name: 'twins-n7-sampled', count: SEEDS, run: (seed) => runSampledTwins(7, seed) },
  { name: 'twins-n10-sampled', count: SEEDS, run: (seed) => runSampledTwins(10, seed) },
  { name: 'forks', count: SEEDS, run: runForkSeed },
];
