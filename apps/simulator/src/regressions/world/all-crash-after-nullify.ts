import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import type { WorldEvent } from '../../world/events.ts';
import { expectThat, moreBlocks, reach } from './steps.ts';

/**
 * A leader is gone, and each of the other 2f + 1 dies right after its nullify vote is durable, before anybody has heard
 * of it. They have to find the vote in their journals, count it and say it again: else no view ever ends.
 */
export const allCrashAfterNullify: Scenario = {
  name: 'all-crash-after-nullify',
  description: '2f + 1 validators die right after journaling their nullify vote; they find it again and go on',
  prepare: UNPREPARED,
  play: async (world) => {
    await moreBlocks(world, 2n, null);
    const gone = world.dice.pick(world.machines);
    gone.kill();
    const others = world.machines.filter((machine) => machine !== gone);
    let isTrapSet = true;
    world.listeners.push((event) => {
      if (isTrapSet && isNullify(event)) world.machine(event.machine).kill();
    });
    await reach(world, 'the death of all', () => others.every(({ crashes }) => crashes === 1));
    isTrapSet = false;
    expectThat(world.running().length === 0, 'nobody runs');
    for (const { index } of others) world.start(index);
    await moreBlocks(world, 2n, gone.index);
  },
};

function isNullify(event: WorldEvent): event is Extract<WorldEvent, { readonly kind: 'journaled' }> {
  if (event.kind !== 'journaled') return false;
  return event.records.some((record) => record.kind === 'ownVote' && record.vote.kind === 'nullify');
}
