import { ACTORS, ACTORS_OF_OWNED, moody } from '@heddle/byzantine';
import type { NodeWorld } from '../world/world.ts';
import { disturbNetwork } from './network.ts';
import type { Scenario } from './scenario.ts';

/** Up to f validators do what they like; they go on after GST. */
export const byzantine: Scenario = {
  name: 'byzantine',
  description: 'up to f validators follow actors of @heddle/byzantine, each its own',
  prepare: async (world) => corruptSome(world),
  play: async (world) => {
    const phases = world.dice.between(1, 3);
    for (let phase = 0; phase < phases; phase++) {
      world.wantBlocks(3n);
      if (world.dice.chance(0.5)) disturbNetwork(world);
      await world.pass(world.dice.between(500, 4_000));
    }
  },
};

/** At least one, at most f, all different; half of them act only now and then. */
export function corruptSome(world: NodeWorld): void {
  const { dice } = world;
  const count = dice.between(1, world.faultBound);
  const chosen = dice.shuffled(world.owner === null ? ACTORS : ACTORS_OF_OWNED).slice(0, count);
  const places = dice.shuffled(world.machines);
  for (const [at, actor] of chosen.entries()) {
    const machine = places[at];
    if (machine === undefined) return;
    world.corrupt(machine.index, dice.chance(0.5) ? moody(actor, dice.pick([0.3, 0.7, 0.9])) : actor);
  }
}
