import { moreBlocks, type NodeScenario } from '../../crash/node-scenario.ts';
import { JOURNAL_FILE } from './files.ts';

/**
 * One validator's journal is missing beside a full chain and its signer's database. It begins a new one above what its
 * chain says is final, and signs nothing that contradicts what it signed before.
 */
export const emptyJournal: NodeScenario = {
  name: 'empty-journal',
  seeds: 6,
  play: async (world) => {
    await moreBlocks(world, 3n, []);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    await machine.disk.rewrite(JOURNAL_FILE, () => null);
    world.start(machine.index);
    await moreBlocks(world, 3n, []);
  },
};
