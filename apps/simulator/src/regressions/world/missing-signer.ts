import { viewOf } from '@heddle/consensus';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { SIGNER_FILE } from './files.ts';
import { expectThat, moreBlocks } from './steps.ts';

/**
 * One validator's signer has lost its database. It cannot know what it has signed, so it stays silent for a full epoch;
 * the network goes on, and it follows.
 */
export const missingSigner: Scenario = {
  name: 'missing-signer',
  description: "one validator's signer has lost its records; it stays silent, the network goes on",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    let [before, after] = [0n, 0n];
    let isLost = false;
    world.listeners.push((event) => {
      if (event.kind !== 'voteSent' || event.machine !== machine.index) return;
      const view = viewOf(event.vote);
      if (isLost) after = view > after ? view : after;
      else before = view > before ? view : before;
    });
    machine.kill();
    isLost = true;
    await machine.disk.rewrite(SIGNER_FILE, () => null);
    world.start(machine.index);
    await moreBlocks(world, 5n, null);
    // What it said before may be said again: it stands in its journal, with its signature.
    expectThat(after <= before, `validator ${machine.index} signs in view ${after}`);
  },
};
