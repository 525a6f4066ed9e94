import { type Scenario, UNPREPARED } from './scenario.ts';

/** Nothing goes wrong. */
export const calm: Scenario = {
  name: 'calm',
  description: 'a good network, good disks, good clocks',
  prepare: UNPREPARED,
  play: async (world) => {
    world.wantBlocks(3n);
    await world.pass(world.dice.between(500, 5_000));
  },
};
