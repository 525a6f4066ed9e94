import { moreBlocks, type NodeScenario } from '../../crash/node-scenario.ts';
import { JOURNAL_FILE } from './files.ts';

/**
 * One validator's chain has committed blocks that its journal knows nothing of: the file comes from an old copy. The
 * engine takes the chain's word and goes on above it.
 */
export const applicationAhead: NodeScenario = {
  name: 'application-ahead',
  seeds: 6,
  play: async (world) => {
    await moreBlocks(world, 2n, []);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    let copy: Uint8Array | null = null;
    await machine.disk.rewrite(JOURNAL_FILE, (bytes) => {
      copy = bytes;
      return bytes;
    });
    world.start(machine.index);
    await moreBlocks(world, 3n, []);
    machine.kill();
    await machine.disk.rewrite(JOURNAL_FILE, () => copy);
    world.start(machine.index);
    await moreBlocks(world, 3n, []);
  },
};
