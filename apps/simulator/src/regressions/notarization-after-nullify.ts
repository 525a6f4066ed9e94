import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, restartSolo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A validator has nullified view 1 when the view's notarization arrives. It must enter view 2 [V1], or it waits for a
 * nullification that the others, who have moved on, will never give it; and it must not finalize [F2], restart or not.
 */
export const notarizationAfterNullify: EngineScenario = {
  name: 'notarization-after-nullify',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    world.runFor(2.2 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
    if (seed % 2 === 1) restartSolo(solo);
    const { tuple } = cast.proposal(1n, null);
    cast.show(cast.notarization(tuple));
    solo.settle();
    expectThat(node.state.currentView === 2n, `the notarization opens view 2\n${world.describe()}`);
    restartSolo(solo);
    world.runFor(4 * STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/finalize:1');
    return world.report('notarization-after-nullify', seed);
  },
};
