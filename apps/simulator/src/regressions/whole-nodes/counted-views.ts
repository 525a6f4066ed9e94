import { overTheWire, proposalFlood, voteOverwriter } from '@heddle/byzantine';
import { ViolationError } from '../../errors.ts';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';

/** Virtual time for the blocks that are judged, even if byzantine leaders waste each of their views. */
const LIMIT_MS = 180_000;
const BLOCKS = 20n;
const SETTLING = 2n;

interface Progress {
  readonly height: bigint;
  readonly view: bigint;
}

/**
 * Makes blocks in a good network and wants one for each view that an honest validator leads, whatever the byzantine ones
 * do meanwhile: leaders take turns, so they waste f of n views at most.
 */
export async function expectHonestViewsToCount(world: NodeWorld): Promise<void> {
  // The start is not judged: who starts last misses what was said before.
  await makeBlocks(world, SETTLING);
  const before = progressOf(world);
  await makeBlocks(world, BLOCKS);
  const after = progressOf(world);
  const views = Number(after.view - before.view);
  const blocks = Number(after.height - before.height);
  const most = world.faultBound * Math.ceil(views / world.plan.validators);
  if (views - blocks > most) {
    throw new ViolationError(
      'honest-views-count',
      `${blocks} blocks in ${views} views, of which ${most} may be wasted`,
    );
  }
}

async function makeBlocks(world: NodeWorld, count: bigint): Promise<void> {
  world.wantBlocks(count);
  const target = world.height + count;
  if (await world.until(() => world.hasEverywhere(target), LIMIT_MS)) return;
  throw new ViolationError('honest-views-count', `no block ${target} in ${LIMIT_MS} ms: ${world.describe()}`);
}

/** The last final block of an honest validator. */
function progressOf(world: NodeWorld): Progress {
  const [first] = world.live();
  if (first === undefined) throw new ViolationError('honest-views-count', 'no honest validator runs');
  const { height, block } = first.chain.tree.root;
  return { height, view: block.view };
}

/** The first f of a shuffle. */
export function faultyOnes(world: NodeWorld): readonly number[] {
  return world.dice
    .shuffled(world.machines)
    .slice(0, world.faultBound)
    .map(({ index }) => index);
}

const PER_MESSAGE = 15;

/** f validators flood with proposals, several queues full at a time. The genuine block of every honest leader gets through. */
export const genuineBlockDropped: Scenario = {
  name: 'genuine-block-dropped',
  description: 'f validators flood with proposals; no honest leader loses its view to that',
  prepare: (world) => {
    for (const index of faultyOnes(world)) world.corrupt(index, overTheWire(proposalFlood(PER_MESSAGE)));
    return UNPREPARED();
  },
  play: expectHonestViewsToCount,
};

/** f validators send each vote well signed, badly signed and for something else. No certificate is poisoned by it. */
export const goodVoteOverwritten: Scenario = {
  name: 'good-vote-overwritten',
  description: 'f validators overwrite their own votes with bad ones; no honest leader loses its view to that',
  prepare: (world) => {
    for (const index of faultyOnes(world)) world.corrupt(index, overTheWire(voteOverwriter));
    return UNPREPARED();
  },
  play: expectHonestViewsToCount,
};
