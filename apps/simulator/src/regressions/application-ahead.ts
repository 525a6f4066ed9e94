import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * The application has committed a block that the consensus journal knows nothing of. The engine takes the application's
 * word: it goes on above that block and votes for nothing below.
 */
export const applicationAhead: EngineScenario = {
  name: 'application-ahead',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const committed = cast.finalization(cast.proposal(5n, null).tuple);
    node.crash(null);
    if (seed % 2 === 0) node.journal = [];
    node.lastFinal = committed;
    node.restart();
    expectThat(node.state.currentView === 6n, `view 6 follows what is final\n${world.describe()}`);
    cast.propose(cast.proposal(3n, null));
    cast.castVote(cast.nullify(5n, 1));
    cast.propose(cast.proposal(6n, committed));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:3');
    expectSaid(solo, 'vote/notarize:6');
    return world.report('application-ahead', seed);
  },
};
