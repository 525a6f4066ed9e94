import { spoiled } from '../actors/forge.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A bad vote is put in the place of a good one, by an impersonator before it and by its own signer after it. The good
 * ones are a quorum, so the certificate has to come of them, and come out good.
 */
export const voteOverwritten: EngineScenario = {
  name: 'vote-overwritten',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const proposal = cast.proposal(1n, null);
    const good = cast.vote('notarize', proposal.tuple, 2);
    const bad = { ...good, signature: spoiled(good.signature) };
    cast.castVote(bad, 3); // 3 speaks for 2
    cast.castVote(good);
    cast.castVote(bad);
    solo.settle();
    cast.propose(proposal);
    solo.settle();
    const notarization = node.state.views.get(1n)?.notarization ?? null;
    expectThat(notarization !== null, `three good votes are a quorum\n${world.describe()}`);
    expectThat(world.signatures.isGoodCertificate(notarization), 'the certificate verifies');
    expectSaid(solo, 'certificate/notarize:1');
    return world.report('vote-overwritten', seed);
  },
};
