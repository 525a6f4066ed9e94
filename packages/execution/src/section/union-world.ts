import type { StateReader } from '@heddle/state';
import { Union } from '../world/union.ts';
import { World } from '../world/world.ts';

/**
 * A world over the states of all shards at one block, in shard order: for calls that are no transactions. `historyShard`:
 * whose rings of block hashes and beacon roots are read. With one shard it is a plain world.
 */
export function openUnionWorld(states: readonly StateReader[], historyShard: number): World {
  const [only] = states;
  if (states.length === 1 && only !== undefined) return new World(only);
  const world = World.over(new Union(states));
  world.readHistoryOf(historyShard);
  return world;
}
