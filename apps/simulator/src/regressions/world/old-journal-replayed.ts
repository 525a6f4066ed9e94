import { InvalidJournalError } from '@heddle/consensus';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { Machine } from '../../world/machine.ts';
import { atHeight, nextBoundary } from './epoch-steps.ts';
import { journalFile } from './files.ts';
import { expectRefusal, expectThat, moreBlocks } from './steps.ts';

/**
 * A copy of the last epoch's journal comes back: beside this epoch's one, where it is over and done with, and in its
 * place, where every record would be taken for one of this epoch. There the validator refuses to start.
 */
export const oldJournalReplayed: Scenario = {
  name: 'old-journal-replayed',
  description: "a copy of the last epoch's journal stands beside this epoch's, then in its place, and is not believed",
  prepare: UNPREPARED,
  play: async (world) => {
    const machine = world.dice.pick(world.machines);
    const boundary = nextBoundary(world);
    const epoch = boundary / world.plan.epochLength - 1n;
    await atHeight(world, boundary - 2n);
    machine.kill();
    const old = await exchange(machine, journalFile(epoch), null);
    world.start(machine.index);
    await atHeight(world, boundary + 1n);
    machine.kill();
    await exchange(machine, journalFile(epoch), old);
    world.start(machine.index);
    await moreBlocks(world, 1n, null);
    machine.kill();
    const own = await exchange(machine, journalFile(epoch + 1n), old);
    await expectRefusal(world, machine.index);
    const { lastFailure } = machine;
    expectThat(lastFailure instanceof InvalidJournalError, `it is the journal that is refused: ${String(lastFailure)}`);
    await moreBlocks(world, 1n, machine.index);
    await exchange(machine, journalFile(epoch + 1n), own);
  },
};

/** Puts `bytes` in the place of a file, null leaves it as it is; returns what it held. */
async function exchange(machine: Machine, path: string, bytes: Uint8Array | null): Promise<Uint8Array | null> {
  let before: Uint8Array | null = null;
  await machine.disk.rewrite(path, (held) => {
    before = held?.slice() ?? null;
    return bytes ?? held;
  });
  return before;
}
