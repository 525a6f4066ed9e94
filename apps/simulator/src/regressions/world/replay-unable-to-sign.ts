import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { SIGNER_FILE } from './files.ts';
import { expectThat, moreBlocks } from './steps.ts';

/**
 * One validator restarts and its signer's disk answers no more: no new signature comes out. Nothing in the replay may
 * need one; it follows the others to what they finalize.
 */
export const replayUnableToSign: Scenario = {
  name: 'replay-unable-to-sign',
  description: 'one validator restarts with a signer that answers no more; it follows the others',
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    let asked = 0;
    machine.disk.probe = {
      before: ({ op, path }) => {
        if (op !== 'write' || path !== SIGNER_FILE) return 'happens';
        asked += 1;
        return 'hangs';
      },
      after: () => {},
    };
    world.start(machine.index);
    await moreBlocks(world, 3n, null);
    expectThat(asked > 0, 'its signer was never asked');
    machine.kill();
    machine.disk.probe = { before: () => 'happens', after: () => {} };
  },
};
