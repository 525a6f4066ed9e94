import { ACTORS } from '../actors/index.ts';
import type { World } from '../world/world.ts';
import { disturbNetwork } from './network.ts';
import type { Scenario } from './scenario.ts';

/** Up to f validators do what they like; they go on after GST. */
export const byzantine: Scenario = {
  name: 'byzantine',
  description: 'up to f validators follow an actor of src/actors',
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

/** At least one, at most f. */
export function corruptSome(world: World): void {
  const count = world.dice.between(1, world.faultBound);
  for (const machine of world.dice.shuffled(world.machines).slice(0, count)) {
    world.byzantine.add(machine.index);
    machine.corrupt(world.dice.pick(ACTORS));
  }
}
