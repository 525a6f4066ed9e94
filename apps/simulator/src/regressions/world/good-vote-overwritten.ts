import { overTheWire } from '../../actors/over-the-wire.ts';
import { voteOverwriter } from '../../actors/speakers/vote-overwriter.ts';
import { type Scenario, UNPREPARED } from '../../scenarios/scenario.ts';
import { expectHonestViewsToCount, faultyOnes } from './counted-views.ts';

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
