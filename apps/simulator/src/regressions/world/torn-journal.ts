import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { journalFile } from './files.ts';
import { moreBlocks } from './steps.ts';

const MOST_BYTES = 400;

/**
 * The end of one validator's journal is gone, at some byte: it knows less than it has said. It cuts the torn record off,
 * and its signer has the last word, so that it contradicts nothing.
 */
export const tornJournal: Scenario = {
  name: 'torn-journal',
  description: "the end of one validator's journal is gone at some byte; it comes back and contradicts nothing",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    const lost = world.dice.between(1, MOST_BYTES);
    await machine.disk.rewrite(journalFile(0n), (bytes) => bytes?.slice(0, -lost) ?? null);
    world.start(machine.index);
    await moreBlocks(world, 2n, null);
  },
};
