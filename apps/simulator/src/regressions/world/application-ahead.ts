import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { journalFile } from './files.ts';
import { moreBlocks } from './steps.ts';

/**
 * One validator's chain has committed blocks that its journal knows nothing of: the file comes from an old copy. The
 * engine takes the chain's word and goes on above it.
 */
export const applicationAhead: Scenario = {
  name: 'application-ahead',
  description: "one validator's journal is an old copy, its chain is not; it goes on above the chain",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 2n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    let copy: Uint8Array | null = null;
    await machine.disk.rewrite(journalFile(0n), (bytes) => {
      copy = bytes;
      return bytes;
    });
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
    machine.kill();
    await machine.disk.rewrite(journalFile(0n), () => copy);
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
  },
};
