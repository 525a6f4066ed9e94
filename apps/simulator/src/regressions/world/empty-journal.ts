import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { journalFile } from './files.ts';
import { moreBlocks } from './steps.ts';

/**
 * One validator's journal is missing beside a full chain and its signer's database. It begins a new one above what its
 * chain says is final, and signs nothing that contradicts what it signed before.
 */
export const emptyJournal: Scenario = {
  name: 'empty-journal',
  description: "one validator's journal is missing beside a full chain; it goes on above what is final",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    await machine.disk.rewrite(journalFile(0n), () => null);
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
  },
};
