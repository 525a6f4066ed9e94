import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER, restartSolo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A validator restarts and its signer does not answer. Nothing in the replay may need a signature: it says again what
 * it has signed before, and follows the others to what they finalize.
 */
export const replayUnableToSign: EngineScenario = {
  name: 'replay-unable-to-sign',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const first = cast.proposal(1n, null);
    cast.propose(first);
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    node.hung.add('sign');
    const before = solo.said.filter((what) => what === 'status:1').length;
    restartSolo(solo);
    solo.settle();
    expectThat(solo.said.filter((what) => what === 'status:1').length === before + 1, 'it says where it stands');
    const votes = node.state.views.get(1n)?.votes.notarize;
    expectThat(votes?.has(node.index) === true, 'its own vote is counted again');
    const notarization = cast.notarization(first.tuple);
    cast.show(notarization);
    const second = cast.proposal(2n, notarization);
    cast.propose(second);
    cast.show(cast.finalization(second.tuple));
    solo.settle();
    expectThat(node.state.finalizedView === 2n, `it follows without a signer\n${world.describe()}`);
    return world.report('replay-unable-to-sign', seed);
  },
};
