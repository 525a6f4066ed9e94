import { forgedSyncServer } from '@heddle/byzantine';
import { ViolationError } from '../../errors.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Machine } from '../../world/machine.ts';
import type { NodeWorld } from '../../world/world.ts';
import { faultyOnes } from './counted-views.ts';

/** More than two ranges of blocks. */
const BEHIND = 70n;
const LIMIT_MS = 300_000;
const INTERRUPTIONS = 10;

/**
 * A validator that is far behind is interrupted again and again while it catches up, by kills and power failures on a
 * slow disk, and f of those that it asks forge their answers. What it has committed stays, what it has not it asks for
 * again, and in the end it stands where the others are.
 */
export const syncStateDeletedEarly: Scenario = {
  name: 'sync-state-deleted-early',
  description: 'a validator that is killed ten times while it catches up, f peers forging what it asks for',
  prepare: async (world) => {
    for (const index of faultyOnes(world)) world.corrupt(index, forgedSyncServer);
  },
  play: async (world) => {
    const laggard = world.dice.pick(world.machines.filter(({ isHonest }) => isHonest));
    await world.pass(200);
    laggard.kill();
    world.wantBlocks(BEHIND);
    await expect(world, `${BEHIND} blocks without one`, () => world.height >= BEHIND);
    const heights = await interrupt(world, laggard);
    world.start(laggard.index);
    await expect(world, `the end of catching up, after ${heights.join(' ')}`, () => world.hasEverywhere(BEHIND));
  },
};

/** Heights that it had reached at each interruption. */
async function interrupt(world: NodeWorld, laggard: Machine): Promise<readonly bigint[]> {
  const { dice } = world;
  const heights: bigint[] = [];
  laggard.disk.delayMs = () => dice.below(20);
  for (let count = 0; count < INTERRUPTIONS; count++) {
    world.start(laggard.index);
    await world.pass(dice.between(20, 1_200));
    heights.push(laggard.node?.chain.tree.root.height ?? 0n);
    if (dice.chance(0.5)) laggard.kill();
    else laggard.losePower();
  }
  laggard.disk.delayMs = () => 0;
  return heights;
}

async function expect(world: NodeWorld, what: string, done: () => boolean): Promise<void> {
  if (await world.until(done, LIMIT_MS)) return;
  throw new ViolationError('catches-up', `no ${what} in ${LIMIT_MS} ms: ${world.describe()}`);
}
