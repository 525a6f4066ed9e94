import { moreBlocks, type NodeScenario, reach } from '../../crash/node-scenario.ts';

const ROUNDS = 24;

/**
 * A validator that is some blocks behind is killed again and again while it catches up, one step of its disk later each
 * time, and half of the times what was not synced is lost. What it has fetched may only be deleted with the commit that
 * makes it needless, or it never gets there.
 */
export const syncStateLost: NodeScenario = {
  name: 'sync-state-lost',
  seeds: 3,
  play: async (world) => {
    await moreBlocks(world, 2n, []);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    await moreBlocks(world, 6n, [machine.index]);
    for (let round = 0; round < ROUNDS; round++) {
      const before = machine.crashes;
      let steps = 0;
      machine.disk.probe = {
        before: () => 'happens',
        after: () => {
          steps += 1;
          if (steps <= round) return;
          if (round % 2 === 0) machine.kill();
          else machine.loseUnsynced();
        },
      };
      world.start(machine.index);
      await reach(world, `step ${round} of the catch-up`, () => machine.crashes > before);
    }
    machine.disk.probe = { before: () => 'happens', after: () => {} };
    world.start(machine.index);
    await moreBlocks(world, 2n, []);
  },
};
