import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { journalFile } from './files.ts';
import { expectRefusal, moreBlocks } from './steps.ts';

/** Behind the header and the first record, before the last ones. */
const SHARE = 0.5;

/**
 * A byte in the middle of a journal has changed: what follows it is sound, so that it is no torn tail. The validator
 * refuses to start, the others go on without it.
 */
export const damagedJournal: Scenario = {
  name: 'damaged-journal',
  description: "a byte in the middle of one validator's journal has changed; it refuses to start, the others go on",
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 3n, null);
    const machine = world.dice.pick(world.machines);
    machine.kill();
    const flip = (): Promise<void> =>
      machine.disk.rewrite(journalFile(0n), (bytes) => {
        const place = Math.floor((bytes?.length ?? 0) * SHARE);
        return bytes?.map((byte, index) => (index === place ? byte ^ 1 : byte)) ?? null;
      });
    await flip();
    await expectRefusal(world, machine.index);
    await moreBlocks(world, 3n, machine.index);
    await flip();
  },
};
