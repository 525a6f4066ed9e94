import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { NodeWorld } from '../../world/world.ts';
import { expectThat, moreBlocks } from './steps.ts';

const MINUTES_MS = 60_000;
/** What all clocks are off by, one step after the other; each returns. */
const STEPS_MS = [-5, 5, -60, 60].map((minutes) => minutes * MINUTES_MS);
/** Two blocks for what crosses shards, a second apart where the genesis wants that, and some views. */
const SOON_MS = 8_000;
/** Of a chunk's timestamp before the clock of who endorses it. */
const MAX_AHEAD_MS = 500;
/** One clock alone is wrong: its validator's chunks are missing, and every shard is its turn now and then. */
const LATER_MS = 30_000;

/**
 * One wall clock is set back and forward by minutes and by an hour, and then those of all. One alone does not move the
 * chain's time; after all, that stands still until the clocks have caught up. Transactions go on all the same.
 */
export const clockSteps: Scenario = {
  name: 'clock-steps',
  description: 'one wall clock steps back and forward, then all; transactions go on at once',
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 2n, null);
    const alone = world.dice.pick(world.machines);
    for (const skewMs of [...STEPS_MS, 0]) {
      alone.skewMs = skewMs;
      await transactionsGoOn(world, `with one clock at ${skewMs} ms`, LATER_MS);
      expectTimeOfOthers(world);
    }
    for (const stepMs of STEPS_MS) {
      for (const skewMs of [stepMs, 0]) {
        for (const machine of world.machines) machine.skewMs = skewMs;
        await transactionsGoOn(world, `with all clocks at ${skewMs} ms`, SOON_MS);
      }
    }
  },
};

/** No block is more than 500 ms ahead of the clocks that are right. */
function expectTimeOfOthers(world: NodeWorld): void {
  const latestMs = world.time.clock.wallMs() + MAX_AHEAD_MS;
  for (const { index, chain } of world.live()) {
    const { timestamp } = chain.tree.root.block.header;
    expectThat(Number(timestamp) * 1_000 <= latestMs, `the chain of validator ${index} is ahead of time: ${timestamp}`);
  }
}

async function transactionsGoOn(world: NodeWorld, when: string, limitMs: number): Promise<void> {
  for (let round = 0; round < 2; round++) {
    world.users.sendOneOfEach();
    const sent = new Set(world.waiting());
    const isDone = await world.until(() => world.waiting().every((hash) => !sent.has(hash)), limitMs);
    expectThat(isDone, `transactions wait for more than ${limitMs} ms ${when}: ${world.describe()}`);
  }
}
