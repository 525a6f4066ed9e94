import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER, isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * Votes come before their view and after it. Finalize votes of a view long left still finalize it [F4] [W1], a
 * notarization that comes late still gets a finalize vote, and votes for the next view count when it opens.
 */
export const lateVotes: EngineScenario = {
  name: 'late-votes',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    cast.show(cast.nullification(5n));
    solo.settle();
    expectThat(isInView(solo, 6n), 'five views were left');
    const { tuple } = cast.proposal(3n, null);
    cast.show(cast.notarization(tuple));
    solo.settle();
    expectSaid(solo, 'vote/finalize:3');
    for (const signer of [1, 2]) cast.castVote(cast.vote('finalize', tuple, signer));
    solo.settle();
    expectThat(node.state.finalizedView === 3n, `late votes finalize view 3\n${world.describe()}`);
    for (const signer of [1, 2, 3]) cast.castVote(cast.nullify(7n, signer));
    solo.settle();
    expectThat(isInView(solo, 8n), `early votes open view 8\n${world.describe()}`);
    return world.report('late-votes', seed);
  },
};
