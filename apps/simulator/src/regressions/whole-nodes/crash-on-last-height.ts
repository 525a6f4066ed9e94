import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { atHeight, nextBoundary, reach } from './steps.ts';

const ROUNDS = 6;
/** Durable steps of the boundary's commit and of what opens the next epoch, and some before. */
const STEPS = 40;
const DISK_MS = 3;

/**
 * One validator, or all at once, ends at one durable step after the other from the block before an epoch's last one on:
 * in its votes, in the commit, with the old journal closed and the new one not begun. Each comes back in the epoch that
 * its chain is in, and the network goes on.
 */
export const crashOnLastHeight: Scenario = {
  name: 'crash-on-last-height',
  description: 'one validator, or all, ends at some durable step around the last block of an epoch and comes back',
  prepare: UNPREPARED,
  play: async (world) => {
    for (let round = 0; round < ROUNDS; round++) await crashOnce(world);
  },
};

async function crashOnce(world: NodeWorld): Promise<void> {
  const { dice } = world;
  const boundary = nextBoundary(world);
  await atHeight(world, boundary - 1n);
  const watched = dice.pick(world.machines);
  const victims = dice.chance(0.5) ? world.machines : [watched];
  const losesUnsynced = dice.chance(0.5);
  const before = watched.crashes;
  let left = dice.between(1, STEPS);
  for (const { disk } of world.machines) disk.delayMs = () => DISK_MS;
  watched.disk.probe = {
    before: () => 'happens',
    after: () => {
      left -= 1;
      if (left !== 0) return;
      for (const victim of victims) {
        if (losesUnsynced) victim.loseUnsynced();
        else victim.kill();
      }
    },
  };
  world.wantBlocks(3n);
  await reach(
    world,
    `crash around block ${boundary}`,
    () => watched.crashes > before || (left > 0 && world.hasEverywhere(boundary + 2n)),
  );
  watched.disk.probe = { before: () => 'happens', after: () => {} };
  for (const { index, disk } of world.machines) {
    disk.delayMs = () => 0;
    world.start(index);
  }
  await atHeight(world, boundary + 1n);
}
