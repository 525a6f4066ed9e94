import { moodySpeaker, SPEAKERS, type Speaker } from '@heddle/byzantine/without-nodes';
import type { SeededRandom } from '@heddle/consensus/testing';
import { quorum, type ValidatorIndex } from '@heddle/types';
import { type ChaosOptions, chaoticNetwork, losing, type NetworkPolicy } from './network.ts';
import type { CrashPolicy, EngineMember } from './world.ts';

/** What goes wrong in one seed until the network is stable. */
export interface Chaos {
  readonly validatorCount: number;
  readonly members: readonly EngineMember[];
  readonly network: NetworkPolicy;
  readonly crashes: CrashPolicy;
  readonly answerDelayMs: () => number;
  readonly stableAtMs: number;
  readonly maxIdleMs: number | null;
  /** When all processes die at once; null = never. */
  readonly powerCutAtMs: number | null;
}

const STABLE_AT_MS = 2_000;

/** Draws the faults of a seed for a set of `validatorCount`. */
export function drawChaos(random: SeededRandom, validatorCount: number): Chaos {
  const crashRate = random.pick([0, 0, 0.002, 0.01]);
  const powerCut = random.chance(0.2);
  const members = drawMembers(random, validatorCount, crashRate > 0 || powerCut);
  const slowestAnswerMs = random.pick([0, 3, 60]);
  return {
    validatorCount,
    members,
    network: drawNetwork(random, members.length),
    crashes: () => {
      if (crashRate === 0 || !random.chance(crashRate)) return null;
      const records = random.chance(0.5) ? random.below(3) : Number.POSITIVE_INFINITY;
      return { records, effects: random.below(6), downMs: 10 + random.below(1_500) };
    },
    answerDelayMs: () => (slowestAnswerMs === 0 ? 0 : random.below(slowestAnswerMs + 1)),
    stableAtMs: STABLE_AT_MS,
    maxIdleMs: random.chance(0.2) ? 500 : null,
    powerCutAtMs: powerCut ? random.below(STABLE_AT_MS) : null,
  };
}

/** Up to f faulty ones, twins or actors. Where processes die, only the signer's record keeps a vote from being forgotten. */
function drawMembers(random: SeededRandom, n: number, mayCrash: boolean): readonly EngineMember[] {
  const faulty = random.chance(0.7) ? random.below(n - quorum(n) + 1) : 0;
  const signer = mayCrash || random.chance(0.3) ? 'rules' : 'none';
  const members: EngineMember[] = [];
  for (let index = 0; index < n; index += 1) {
    const isTwin = index < faulty && random.chance(0.25);
    const actor = index < faulty && !isTwin ? drawActor(random) : null;
    if (index >= faulty) members.push({ index, name: `${index}`, signer, faulty: false, actor });
    else if (isTwin) members.push(twin(index, 'a'), twin(index, 'b'));
    else members.push({ index, name: `${index} ${actor?.name}`, signer: 'none', faulty: true, actor });
  }
  return members;
}

function twin(index: ValidatorIndex, suffix: string): EngineMember {
  return { index, name: `${index}${suffix}`, signer: 'none', faulty: true, actor: null };
}

function drawActor(random: SeededRandom): Speaker {
  return moodySpeaker(random.pick(SPEAKERS), random.pick([0, 0.5, 0.9]));
}

/** Random delays, losses and copies, under a partition that changes a few times or never comes. */
function drawNetwork(random: SeededRandom, nodeCount: number): NetworkPolicy {
  const options: ChaosOptions = {
    maxDelayMs: random.pick([20, 150, 1_000]),
    lossRate: random.pick([0, 0.05, 0.2, 0.5]),
    duplicateRate: random.pick([0, 0.1]),
  };
  const base = chaoticNetwork(random, options);
  if (random.chance(0.5)) return base;
  const periodMs = 200 + random.below(600);
  const asymmetric = random.chance(0.3);
  const phases = Array.from({ length: Math.ceil(STABLE_AT_MS / periodMs) }, () => {
    const groups = 1 + random.below(3);
    return Array.from({ length: nodeCount }, () => random.below(groups));
  });
  return losing(base, ({ from, to, atMs }) => {
    const groups = phases[Math.floor(atMs / periodMs)];
    const [a, b] = [groups?.[from.id] ?? 0, groups?.[to.id] ?? 0];
    return asymmetric ? a < b : a !== b;
  });
}
