import { moreBlocks, type NodeScenario } from '../../crash/node-scenario.ts';
import { JOURNAL_FILE } from './files.ts';

const MOST_BYTES = 400;

/**
 * The end of one validator's journal is gone, at some byte: it knows less than it has said. It cuts the torn record off,
 * and its signer has the last word, so that it contradicts nothing.
 */
export const tornJournal: NodeScenario = {
  name: 'torn-journal',
  seeds: 12,
  play: async (world) => {
    await moreBlocks(world, 3n, []);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    const lost = world.dice.between(1, MOST_BYTES);
    await machine.disk.rewrite(JOURNAL_FILE, (bytes) => bytes?.slice(0, -lost) ?? null);
    world.start(machine.index);
    await moreBlocks(world, 2n, []);
  },
};
