import type { NodeWorld } from '../world/world.ts';
import { type Scenario, UNPREPARED } from './scenario.ts';

const EPOCHS = 4n;
/** Virtual time that one block may take. */
const BLOCK_MS = 15_000;

/**
 * The registry changes in nearly every block, and mostly in its section: what names the next set is shard 0 after the section
 * of the block half an epoch before the boundary, whatever its chunk says.
 */
export const sectionNamesSet: Scenario = {
  name: 'section-names-set',
  description:
    'the registry changes block by block, in sections and in chunks, also in the one that names the next set',
  prepare: UNPREPARED,
  play: async (world) => {
    const last = world.height + EPOCHS * world.plan.epochLength;
    for (let height = world.height; height < last; height = world.height) {
      change(world);
      world.wantBlocks(1n);
      await world.until(() => world.height > height, BLOCK_MS);
    }
  },
};

/** The spare machines come and go by turns. */
function change({ registry, machines, plan }: NodeWorld): void {
  for (const { index } of machines.slice(plan.validators)) {
    if (registry.members.includes(index)) registry.remove(index);
    else registry.register(index);
  }
}
