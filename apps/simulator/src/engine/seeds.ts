import { type ConsensusMessage, seededPermutation } from '@heddle/consensus';
import { SeededRandom } from '@heddle/consensus/testing';
import { type Chaos, drawChaos } from './chaos.ts';
import { type EngineUnderTest, realEngine } from './engine-under-test.ts';
import { EvidenceSearch } from './evidence-search.ts';
import { MAX_SEARCHED_VALIDATORS } from './limits.ts';
import { type NetworkPolicy, overheard } from './network.ts';
import type { EngineReport } from './report.ts';
import { EngineWorld } from './world.ts';

export interface EngineSeedOptions {
  /** Sizes of validator sets to draw from. */
  readonly sizes: readonly [number, ...number[]];
  readonly engine: EngineUnderTest;
}

export const standardSeedOptions: EngineSeedOptions = { sizes: [4, 5, 6, 7, 10], engine: realEngine };

/** For the long run: n² messages a view. */
export const largeSeedOptions: EngineSeedOptions = { sizes: [31, 64, 128], engine: realEngine };

const DELTA_MS = 200;
const CAP_MS = 4_000;
const VIEWS_AFTER_CHAOS = 4;
/** Faulty leaders in a row, each with a timeout that has grown to the cap, and a few views more. */
const PROGRESS_DEADLINE_MS = 60_000;
const REST_DEADLINE_MS = 60_000;

export interface EngineSeedReport extends EngineReport {
  /** Validators that something said in this run convicts; in large sets nobody looks. */
  readonly convicted: number;
}

/**
 * One seeded run: chaos, then a network that keeps its promises and on which there has to be progress, then rest.
 * Nothing that was said in it may convict an honest validator, whoever puts it together. Throws EngineViolation.
 */
export function runEngineSeed(seed: number, options: EngineSeedOptions): EngineSeedReport {
  const random = new SeededRandom(seed);
  const chaos = drawChaos(random, random.pick(options.sizes));
  const world = createWorld(seed, random, chaos, options.engine);
  const search = new EvidenceSearch(world.context);
  const isSearched = chaos.validatorCount <= MAX_SEARCHED_VALIDATORS;
  const hear = (message: ConsensusMessage): void => {
    if (isSearched) search.hear(message);
  };
  world.network = overheard(world.network, hear);
  world.start();
  if (chaos.powerCutAtMs !== null) {
    world.runFor(chaos.powerCutAtMs);
    for (const node of world.nodes) if (node.up) node.crash(random.below(300));
  }
  world.run(chaos.stableAtMs, () => false);
  world.network = overheard(stableNetwork(random), hear);
  world.crashes = () => null;
  world.runFor(0);
  world.expectProgress(VIEWS_AFTER_CHAOS, PROGRESS_DEADLINE_MS);
  const isQuiet = chaos.maxIdleMs === null && world.honest.length === world.nodes.length;
  if (isQuiet) world.expectRest(REST_DEADLINE_MS);
  const convicted = search.convicted();
  world.checks.convicted(convicted);
  return { ...world.report(`engine-seeds-n${chaos.validatorCount}`, seed), convicted: convicted.size };
}

function createWorld(seed: number, random: SeededRandom, chaos: Chaos, engine: EngineUnderTest): EngineWorld {
  const { validatorCount, members, network, crashes, answerDelayMs, maxIdleMs } = chaos;
  return new EngineWorld({
    validatorCount,
    members,
    leaders: seededPermutation(Uint8Array.of(seed & 255, (seed >> 8) & 255, (seed >> 16) & 255), validatorCount),
    deltaMs: DELTA_MS,
    capMs: CAP_MS,
    maxIdleMs,
    random,
    network,
    crashes,
    answerDelayMs,
    forks: 'violation',
    engine,
  });
}

/** Everything arrives within a fraction of Δ, not always in order. */
function stableNetwork(random: SeededRandom): NetworkPolicy {
  return () => [5 + random.below(40)];
}
