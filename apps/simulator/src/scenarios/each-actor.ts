import { ACTORS_OF_OWNED } from '@heddle/byzantine';
import { UnknownNameError } from '../errors.ts';
import type { NodeWorld } from '../world/world.ts';
import type { Scenario } from './scenario.ts';

/**
 * The actors in turn, one a seed: f validators follow it in a network that is good, so that nothing else explains what
 * comes of it. They have to do what they are there for, and to be convicted of what leaves proof.
 */
export const eachActor: Scenario = {
  name: 'each-actor',
  description:
    'f validators follow one actor, the next one with each seed; it has to act, and what is provable is proven',
  prepare: async (world) => {
    const actor = ACTORS_OF_OWNED[world.plan.seed % ACTORS_OF_OWNED.length];
    if (actor === undefined) throw new UnknownNameError('actor', world.plan.seed);
    for (const { index } of world.dice.shuffled(world.machines).slice(0, world.faultBound)) {
      world.corrupt(index, actor);
      world.tried.set(index, actor);
    }
  },
  play: async (world) => {
    world.wantBlocks(6n);
    await world.pass(world.dice.between(500, 2_000));
    await restartOne(world);
  },
};

/** An honest one comes back and asks everybody what it missed. */
async function restartOne(world: NodeWorld): Promise<void> {
  const machine = world.dice.pick(world.machines.filter(({ isHonest }) => isHonest));
  machine.kill();
  await world.pass(world.dice.between(100, 3_000));
  world.start(machine.index);
  world.wantBlocks(4n);
  await world.pass(world.dice.between(500, 2_000));
}
