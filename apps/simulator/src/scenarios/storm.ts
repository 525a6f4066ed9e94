import { corruptSome } from './byzantine.ts';
import { disturbClocks } from './clocks.ts';
import { disturbMachines, revive } from './crashes.ts';
import { changeSet } from './epochs.ts';
import { disturbNetwork } from './network.ts';
import type { Scenario } from './scenario.ts';

/** Everything at once. */
export const storm: Scenario = {
  name: 'storm',
  description: 'bad network, crashes, wrong clocks, byzantine validators and sets that change, together',
  prepare: async (world) => {
    if (world.dice.chance(0.5)) corruptSome(world);
  },
  play: async (world) => {
    const rounds = world.dice.between(3, 8);
    for (let round = 0; round < rounds; round++) {
      world.wantBlocks(2n);
      world.dice.pick([disturbNetwork, disturbMachines, disturbClocks])(world);
      if (world.dice.chance(0.3)) changeSet(world);
      await world.pass(world.dice.between(10, 3_000));
      if (world.dice.chance(0.5)) revive(world);
      if (world.dice.chance(0.3)) world.network.heal();
    }
    for (const machine of world.machines) machine.skewMs = 0;
  },
};
