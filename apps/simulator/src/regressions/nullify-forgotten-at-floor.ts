import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, restartSolo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A nullify vote is cast, then the journal is pruned to its floor and the process restarts; only then the notarization
 * of that view arrives. A journal that forgets the (empty) nullify vote lets the engine finalize what it has nullified.
 */
export const nullifyForgottenAtFloor: EngineScenario = {
  name: 'nullify-forgotten-at-floor',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const { tuple } = cast.proposal(64n, null);
    const parent = cast.notarization(tuple);
    cast.show(parent);
    solo.settle();
    world.runFor(40 * STAGE_DELTA_MS); // k = 63: T is at its cap
    expectSaid(solo, 'vote/nullify:65');
    cast.show(cast.finalization(tuple));
    solo.settle();
    expectThat(node.journal.at(0)?.kind === 'floor', 'the journal begins with a floor');
    restartSolo(solo);
    const next = cast.proposal(65n, parent);
    cast.propose(next);
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:65');
    cast.show(cast.notarization(next.tuple));
    solo.settle();
    expectThat(node.state.currentView === 66n, 'the notarization opens view 66');
    expectUnsaid(solo, 'vote/finalize:65');
    return world.report('nullify-forgotten-at-floor', seed);
  },
};
