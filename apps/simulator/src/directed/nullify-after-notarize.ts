import { expectSaid } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** A block gets this validator's vote but no quorum: it gives the view up all the same, at 3T [S3]. */
export const nullifyAfterNotarize: DirectedScenario = {
  name: 'nullify-after-notarize',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    solo.cast.propose(solo.cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    solo.world.runFor(3.2 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
  },
};
