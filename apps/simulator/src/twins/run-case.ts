import { SeededRandom, viewOfMessage } from '@heddle/consensus/testing';
import type { ValidatorIndex } from '@heddle/types';
import type { ForkPolicy } from '../engine/checks.ts';
import type { EngineUnderTest } from '../engine/engine-under-test.ts';
import { losing, steadyNetwork } from '../engine/network.ts';
import { type EngineMember, EngineWorld } from '../engine/world.ts';
import type { TwinsCase } from './space.ts';

const DELTA_MS = 100;
const CAP_MS = 1_000;
/** Well below Δ: what times out was lost. */
const DELAY_MS = 10;
/** How long each round may last. A group without a quorum is stuck in its view until that round's partition is lifted. */
const ROUND_MS = 8 * DELTA_MS;
const VIEWS_AFTER = 3;
const PROGRESS_DEADLINE_MS = 60_000;

/**
 * The world of a case: a message of view r + 1 crosses only inside its group of round r, until that round's time is
 * over; what is about later views reaches everyone. No signer rules: the engine is on its own.
 */
export function createTwinsWorld(twinsCase: TwinsCase, forks: ForkPolicy, engine: EngineUnderTest): EngineWorld {
  const { validatorCount: n, twins, schedule, partitions } = twinsCase;
  const member = (index: ValidatorIndex, suffix: string): EngineMember => {
    return { index, name: `${index}${suffix}`, signer: 'none', faulty: index < twins, actor: null };
  };
  const network = losing(steadyNetwork(DELAY_MS), ({ from, to, message, atMs }) => {
    const round = Number(viewOfMessage(message)) - 1;
    const groups = partitions[round];
    return groups !== undefined && groups[from.id] !== groups[to.id] && atMs < (round + 1) * ROUND_MS;
  });
  return new EngineWorld({
    validatorCount: n,
    members: [
      ...Array.from({ length: n }, (_, index) => member(index, index < twins ? 'a' : '')),
      ...Array.from({ length: twins }, (_, index) => member(index, 'b')),
    ],
    leaders: Array.from({ length: n }, (_, view) => schedule[(view + n - 1) % n] ?? 0),
    deltaMs: DELTA_MS,
    capMs: CAP_MS,
    maxIdleMs: null,
    random: new SeededRandom(1),
    network,
    crashes: () => null,
    answerDelayMs: () => 0,
    forks,
    engine,
  });
}

/** Runs a case until its rounds are over, heals the network, and runs until it has moved on. Throws EngineViolation. */
export function runTwinsCase(twinsCase: TwinsCase, engine: EngineUnderTest): EngineWorld {
  const world = createTwinsWorld(twinsCase, 'violation', engine);
  world.start();
  runPartitioned(world, twinsCase.partitions.length);
  world.network = steadyNetwork(DELAY_MS);
  world.expectProgress(VIEWS_AFTER, PROGRESS_DEADLINE_MS);
  return world;
}

/** Until every honest validator has left the partitioned views, or all rounds' time is over. */
export function runPartitioned(world: EngineWorld, rounds: number): void {
  const last = BigInt(rounds);
  world.run(rounds * ROUND_MS, () => world.honest.every(({ state }) => state.currentView > last));
}
