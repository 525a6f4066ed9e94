import { MAX_TRANSACTION_GAS } from '@heddle/types';
import type { Purpose } from '../world/orders.ts';
import type { Scenario } from './scenario.ts';

/** How much slower than the reference machine: up to where one heavy transaction takes more than a first proposal timer. */
const SLOWDOWNS = [1, 3, 10, 20];
/** What goes to the section, whoever sends it. */
const CROSSING: readonly Purpose[] = ['crossShard', 'relay', 'deploy', 'sponsor'];

/** The heaviest transactions wait for the section of slow machines: views go on, and all of them get through. */
export const slowSections: Scenario = {
  name: 'slow-sections',
  description: 'validators that execute up to 20 times more slowly, and the heaviest transactions between shards',
  prepare: async (world) => {
    const slowdown = world.dice.pick(SLOWDOWNS);
    const areAllSlow = world.dice.chance(0.6);
    for (const machine of world.machines) if (areAllSlow || world.dice.chance(0.5)) machine.slowdown = slowdown;
  },
  play: async (world) => {
    const { shardCount } = world.genesis.genesis;
    const shards = Array.from({ length: shardCount }, (_, shard) => shard);
    const purposes = world.dice.shuffled(CROSSING).slice(0, world.dice.between(1, 2));
    world.wantBlocks(2n);
    await world.pass(world.dice.between(1, 2_000));
    world.users.sendHeavy(new Set(world.dice.shuffled(shards).slice(0, 2)), purposes, MAX_TRANSACTION_GAS);
    await world.pass(world.dice.between(1, 20_000));
  },
};
