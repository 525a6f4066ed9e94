import { overTheWire } from '../../actors/over-the-wire.ts';
import { proposalFlood } from '../../actors/speakers/proposal-flooder.ts';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { expectHonestViewsToCount, faultyOnes } from './counted-views.ts';

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
