import { chunkWithholder } from '@heddle/byzantine';
import { ViolationError } from '../errors.ts';
import type { NodeWorld } from '../world/world.ts';
import type { Scenario } from './scenario.ts';

/** Virtual time in which everybody has had two turns at making every shard's chunk. */
const PATIENCE_MS = 120_000;

/**
 * f validators that stand side by side in the registry, as one owner enters them, and make no chunk. Their turns must not
 * come side by side on every shard: so few owners would keep a shard waiting at a price that they choose themselves.
 */
export const neighbours: Scenario = {
  name: 'neighbours',
  description: 'f validators side by side in the set make no chunks; played with ten validators or more',
  prepare: async (world) => {
    const count = world.faultBound;
    const first = world.dice.below(world.machines.length - count + 1);
    for (let index = first; index < first + count; index++) world.corrupt(index, chunkWithholder);
  },
  play: async (world) => {
    const longest = longestGaps(world);
    const turns = BigInt(2 * world.machines.length);
    world.wantBlocks(turns);
    await world.until(() => world.height >= turns, PATIENCE_MS);
    const count = world.faultBound;
    if (longest.every((gap) => gap >= count)) {
      throw new ViolationError('turns-are-spread', `${count} neighbours have their turns in a row on every shard`);
    }
  },
};

/** Most heights in a row that each shard has missed, kept up to date. */
function longestGaps(world: NodeWorld): readonly number[] {
  const longest = Array.from({ length: world.plan.shards }, () => 0);
  world.listeners.push((event) => {
    if (event.kind !== 'final') return;
    for (const [shard, { missed }] of event.block.shards.entries()) {
      longest[shard] = Math.max(longest[shard] ?? 0, missed);
    }
  });
  return longest;
}
