import { MAX_TRANSACTION_GAS } from '@heddle/types';
import type { Purpose } from '../world/orders.ts';
import type { NodeWorld } from '../world/world.ts';
import type { Scenario } from './scenario.ts';

/** How much slower than the reference machine: where one shard has heavy work, and where all have. */
const SLOWDOWNS = [10, 30, 100];
const SHARED_SLOWDOWNS = [1, 10];
const FITTING_SLOWDOWN = 40;

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
    const kinds = kindsFor(world);
    const chosen = isEveryShardHeavy(world) ? all : [world.dice.pick(all)];
    world.wantBlocks(2n);
    await world.pass(world.dice.between(1, 2_000));
    world.users.sendHeavy(new Set(chosen), kinds, MAX_TRANSACTION_GAS);
    await world.pass(world.dice.between(1, 20_000));
  },
};

/**
 * What goes to the section has to be executed by the leader and again by the voters within the greatest proposal timer, 32 s;
 * where machines are too slow for that it waits (`section-too-slow`).
 */
function kindsFor({ genesis, slowdown }: NodeWorld): readonly Purpose[] {
  if (genesis.genesis.shardCount === 1) return ['local', 'call'];
  return slowdown > FITTING_SLOWDOWN ? ['local'] : ['local', 'crossShard', 'call'];
}

function isEveryShardHeavy({ plan }: NodeWorld): boolean {
  return plan.seed % 2 === 0;
}
