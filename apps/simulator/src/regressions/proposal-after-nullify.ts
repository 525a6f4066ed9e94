import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, restartSolo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';

/** The leader's proposal comes after the own nullify vote: no notarize vote any more [N6], restart or not. */
export const proposalAfterNullify: EngineScenario = {
  name: 'proposal-after-nullify',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    world.runFor(2.2 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
    if (seed % 2 === 1) restartSolo(solo);
    cast.propose(cast.proposal(1n, null));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:1');
    return world.report('proposal-after-nullify', seed);
  },
};
