import { MAX_TRANSACTION_GAS } from '@heddle/types';
import { ViolationError } from '../errors.ts';
import type { Scenario } from './scenario.ts';

/** What one heavy transaction takes is more than the greatest proposal timer, for the leader and again for the voters. */
const SLOWDOWN = 100;
/** Two heights at which leaders try their first candidate whatever it declares, and some more. */
const BLOCKS = 18n;
/** Virtual time for them: at each of the two, views grow to their longest. */
const LIMIT_MS = 3_600_000;

/** Nobody can execute a transaction in time. Blocks are made without it, until the machines are better. */
export const sectionTooSlow: Scenario = {
  name: 'section-too-slow',
  description: 'the heaviest transactions between shards are too slow for all machines: blocks go on without them',
  prepare: async (world) => {
    for (const machine of world.machines) machine.slowdown = SLOWDOWN;
  },
  play: async (world) => {
    world.wantBlocks(1n);
    await world.pass(1_000);
    // Never dispatched: authorizations stay where they are.
    world.users.sendHeavy(new Set([0]), ['sponsor'], MAX_TRANSACTION_GAS);
    await world.pass(1_000);
    const target = world.height + BLOCKS;
    world.wantBlocks(BLOCKS);
    const goesOn = await world.until(() => world.height >= target, LIMIT_MS);
    if (!goesOn) throw new ViolationError('scenario', `no block ${target} in ${LIMIT_MS} ms: ${world.describe()}`);
    for (const machine of world.machines) {
      machine.kill();
      machine.slowdown = 1;
    }
  },
};
