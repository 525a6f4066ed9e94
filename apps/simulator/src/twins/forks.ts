import { forkCulprits } from '@heddle/consensus';
import { SeededRandom } from '@heddle/consensus/testing';
import { quorum } from '@heddle/types';
import { type EngineUnderTest, realEngine } from '../engine/engine-under-test.ts';
import { steadyNetwork } from '../engine/network.ts';
import type { EngineReport } from '../engine/report.ts';
import { EngineViolation } from '../engine/violation.ts';
import type { EngineWorld } from '../engine/world.ts';
import type { Partition } from './partitions.ts';
import { createTwinsWorld, runPartitioned } from './run-case.ts';
import type { TwinsCase } from './space.ts';

export interface ForkReport extends EngineReport {
  /** Heights at which honest validators finalized different blocks. */
  readonly forks: number;
  /** Named by the certificates alone. */
  readonly culprits: readonly number[];
}

/** Long enough that both sides of a healed fork have told each other what they hold. */
const AFTER_MS = 500;

/**
 * More twins than the protocol bears: forks are expected. Whenever one happens, the certificates of the run have to
 * name at least f + 1 validators and nobody honest; without a fork, still nobody honest. Throws EngineViolation.
 */
export function runForkSeed(seed: number, engine: EngineUnderTest = realEngine): ForkReport {
  const twinsCase = forkCase(new SeededRandom(seed));
  const world = createTwinsWorld(twinsCase, 'collect', engine);
  world.start();
  runPartitioned(world, twinsCase.partitions.length);
  world.network = steadyNetwork(10);
  world.runFor(AFTER_MS);
  const culprits = forkCulprits(twinsCase.validatorCount, [...world.checks.certificates]);
  judge(world, twinsCase, culprits);
  const { forks } = world.checks;
  const outcome = forks === 0 ? 'no fork' : `forked, names ${culprits.length}`;
  return { ...world.report(`forks-n${twinsCase.validatorCount} ${outcome}`, seed), forks, culprits };
}

function judge(world: EngineWorld, { validatorCount, twins }: TwinsCase, culprits: readonly number[]): void {
  const honest = culprits.filter((culprit) => culprit >= twins);
  if (honest.length > 0) throw new EngineViolation('nobody honest accused', `certificates accuse ${honest.join(', ')}`);
  const least = validatorCount - quorum(validatorCount) + 1;
  if (world.checks.forks === 0 || culprits.length >= least) return;
  throw new EngineViolation('a fork names its culprits', `${culprits.length} of at least ${least} are named`);
}

/**
 * f + 1 twins or more. With 2q − n of them (that is f + 1 at n = 3f + 1) both sides of an even split have a quorum; half
 * of the rounds are split so.
 */
function forkCase(random: SeededRandom): TwinsCase {
  const n = random.pick([4, 4, 5, 6, 7]);
  const [fewest, enough] = [n - quorum(n) + 1, 2 * quorum(n) - n];
  const twins = fewest + random.below(enough - fewest + 2);
  const schedule = random.shuffled(Array.from({ length: n }, (_, index) => index));
  const partitions = Array.from({ length: 4 + random.below(4) }, () => {
    return random.chance(0.5) ? split(random, n, twins) : scatter(random, n + twins);
  });
  return { validatorCount: n, twins, schedule, partitions };
}

/** One instance of every twin on each side, the honest validators dealt out evenly. */
function split(random: SeededRandom, n: number, twins: number): Partition {
  const order = random.shuffled(Array.from({ length: n - twins }, (_, index) => index));
  const sideOf = (honest: number): number => order.indexOf(honest) % 2;
  return Array.from({ length: n + twins }, (_, node) => {
    if (node < twins) return 0;
    return node < n ? sideOf(node - twins) : 1;
  });
}

function scatter(random: SeededRandom, nodeCount: number): Partition {
  const groups = 1 + random.below(3);
  return Array.from({ length: nodeCount }, () => random.below(groups));
}
