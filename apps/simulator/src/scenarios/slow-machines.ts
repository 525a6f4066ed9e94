import { MAX_TRANSACTION_GAS } from '@heddle/types';
import type { NodeWorld } from '../world/world.ts';
import type { Scenario } from './scenario.ts';

/** How much slower than the reference machine: where one shard has heavy work, and where all have. */
const SLOWDOWNS = [10, 30, 100];
const SHARED_SLOWDOWNS = [1, 10];

/** Machines on which one heavy transaction takes many times a chunk's deadline: every shard gets it through. */
export const slowMachines: Scenario = {
  name: 'slow-machines',
  description: 'validators that execute up to 100 times more slowly, and the heaviest transactions on every path',
  prepare: async (world) => {
    const slowdown = world.dice.pick(isEveryShardHeavy(world) ? SHARED_SLOWDOWNS : SLOWDOWNS);
    const areAllSlow = world.dice.chance(0.6);
    for (const machine of world.machines) if (areAllSlow || world.dice.chance(0.5)) machine.slowdown = slowdown;
  },
  play: async (world) => {
    const { shardCount } = world.genesis.genesis;
    const all = Array.from({ length: shardCount }, (_, shard) => shard);
    const kinds = shardCount > 1 ? (['local', 'crossShard', 'call'] as const) : (['local', 'call'] as const);
    const chosen = isEveryShardHeavy(world) ? all : [world.dice.pick(all)];
    world.wantBlocks(2n);
    await world.pass(world.dice.between(1, 2_000));
    world.users.sendHeavy(new Set(chosen), kinds, MAX_TRANSACTION_GAS);
    await world.pass(world.dice.between(1, 20_000));
  },
};

function isEveryShardHeavy({ plan }: NodeWorld): boolean {
  return plan.seed % 2 === 0;
}
