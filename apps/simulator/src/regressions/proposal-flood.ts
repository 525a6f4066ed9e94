import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

const FLOOD = 200;

/**
 * Two validators flood with proposals for this view and for later ones, as leaders and as anything else. The genuine
 * proposal of the view comes last and must get through; what is kept of the flood is bounded.
 */
export const proposalFlood: EngineScenario = {
  name: 'proposal-flood',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    for (let salt = 1; salt <= FLOOD; salt += 1) {
      const view = BigInt(1 + (salt % 40));
      const flooder = salt % 2 === 0 ? 2 : 3;
      cast.propose(cast.proposal(view, null, [], salt), flooder);
    }
    solo.settle();
    expectThat(node.state.views.size < 20, `${node.state.views.size} views are kept of a flood`);
    cast.propose(cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    return world.report('proposal-flood', seed);
  },
};
