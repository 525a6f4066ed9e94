import { staleExValidator } from '@heddle/byzantine';
import { quorum } from '@heddle/types';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { atHeight, currentMembers, expectThat, nextBoundary, reach } from './steps.ts';

/** What was on its way when the others went down is final by then. */
const SETTLING_MS = 3_000;
const WATCH_MS = 30_000;

/**
 * A validator has left and goes on voting with its old key and its old number. Just so many of the others are down that
 * its vote would make the quorum: nothing becomes final until they are back.
 */
export const staleExValidatorVotes: Scenario = {
  name: 'stale-ex-validator-votes',
  description: 'an ex-validator votes on while the set lacks one vote for a quorum: nothing becomes final',
  prepare: (world) => {
    world.corrupt(leaving(world), staleExValidator);
    world.tried.set(leaving(world), staleExValidator);
    return UNPREPARED();
  },
  play: async (world) => {
    world.registry.remove(leaving(world));
    await reach(world, 'execution of the change', () => world.users.waitingCount === 0);
    for (let epoch = 0; epoch < 2; epoch++) await atHeight(world, nextBoundary(world));
    await atHeight(world, world.height + 1n);
    const members = currentMembers(world);
    expectThat(!members.includes(leaving(world)), `the set is ${members.join(' ')} by now`);
    for (const index of world.dice.shuffled(members).slice(quorum(members.length) - 1)) world.machine(index).kill();
    await world.pass(SETTLING_MS);
    const { height } = world;
    world.wantBlocks(3n);
    await world.pass(WATCH_MS);
    expectThat(world.height === height, `${world.height - height} blocks became final without a quorum`);
  },
};

/** The last of the registry, so that the others keep their numbers. */
function leaving(world: NodeWorld): number {
  return world.plan.validators - 1;
}
