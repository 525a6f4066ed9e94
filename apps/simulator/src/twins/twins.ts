import { SeededRandom } from '@heddle/consensus/testing';
import { type EngineUnderTest, realEngine } from '../engine/engine-under-test.ts';
import type { EngineReport } from '../engine/report.ts';
import { runTwinsCase } from './run-case.ts';
import { spaceWithOneTwin, spaceWithoutTwins, type TwinsCase, type TwinsSpace } from './space.ts';

/**
 * Twins (Bano and others, "Twins: BFT Systems Made Robust"): a byzantine validator is one whose key runs twice, and
 * what goes wrong is who hears whom in each view. `exhaustive` are walked to the end; `wide` has every partition there
 * is, too many to walk, and is sampled in strides.
 */
export const exhaustiveTwins: readonly TwinsSpace[] = [spaceWithoutTwins(), spaceWithOneTwin(2)];

export const wideTwins: TwinsSpace = spaceWithOneTwin(5);

/** Coprime to the size of the wide space: the first k strides are k different cases, spread over all of it. */
export const WIDE_STRIDE = 6_700_417;

/** Case `index` of a space. Throws EngineViolation. */
export function runTwins(space: TwinsSpace, index: number, engine: EngineUnderTest = realEngine): EngineReport {
  return runTwinsCase(space.caseAt(index), engine).report(space.name, index);
}

/** The `nth` case of the sample of the wide space. */
export function wideIndex(nth: number): number {
  return Number((BigInt(nth) * BigInt(WIDE_STRIDE)) % BigInt(wideTwins.count));
}

/** A random case of a larger set: up to f twins, 4 to 6 rounds of 1 to 4 groups. Throws EngineViolation. */
export function runSampledTwins(
  validatorCount: number,
  seed: number,
  engine: EngineUnderTest = realEngine,
): EngineReport {
  const twinsCase = sampleCase(validatorCount, seed);
  return runTwinsCase(twinsCase, engine).report(`twins-n${validatorCount}-sampled`, seed);
}

function sampleCase(validatorCount: number, seed: number): TwinsCase {
  const random = new SeededRandom(seed);
  const faulty = Math.floor((validatorCount - 1) / 3);
  const twins = random.chance(0.8) ? faulty : random.below(faulty + 1);
  const schedule = random.shuffled(Array.from({ length: validatorCount }, (_, index) => index));
  const partitions = Array.from({ length: 4 + random.below(3) }, () => {
    const groups = 1 + random.below(4);
    return Array.from({ length: validatorCount + twins }, () => random.below(groups));
  });
  return { validatorCount, twins, schedule, partitions };
}
