import { spoiled } from '../actors/forge.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, FOLLOWER, isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * One of a quorum's signatures is bad. The bad signer is dropped and blocked, nobody else, and the next good vote
 * completes the quorum [C2].
 */
export const poisonedQuorum: EngineScenario = {
  name: 'poisoned-quorum',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const proposal = cast.proposal(1n, null);
    const vote = cast.vote('notarize', proposal.tuple, 3);
    cast.castVote({ ...vote, signature: spoiled(vote.signature) });
    solo.settle();
    cast.propose(proposal);
    solo.settle();
    expectThat(isInView(solo, 1n), 'two good votes are no quorum of four');
    expectThat([...node.state.blocked].join() === '3', `3 is blocked, not ${[...node.state.blocked].join()}`);
    cast.castVote(cast.vote('notarize', proposal.tuple, 2));
    solo.settle();
    expectThat(isInView(solo, 2n), `the third good vote completes it\n${world.describe()}`);
    return world.report('poisoned-quorum', seed);
  },
};
