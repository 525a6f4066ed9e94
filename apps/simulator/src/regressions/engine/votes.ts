import { spoiled } from '@heddle/byzantine/without-nodes';
import type { EngineScenario } from '../../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, isInView, restartSolo } from '../../engine/solo.ts';
import { STAGE_DELTA_MS } from '../../engine/stage.ts';
import { expectThat } from '../../engine/violation.ts';

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

/** A validator votes for two blocks, notarizes one and finalizes another, and nullifies what it finalizes [E2]–[E4]. */
export const contradictoryVotes: EngineScenario = {
  name: 'contradictory-votes',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    const [a, b] = [cast.proposal(1n, null, [], 1).tuple, cast.proposal(1n, null, [], 2).tuple];
    const votes = [cast.vote('notarize', a, 3), cast.vote('notarize', b, 3), cast.vote('finalize', b, 3)];
    for (const vote of [...votes, cast.nullify(1n, 3)]) cast.castVote(vote);
    cast.castVote(cast.vote('notarize', a, 2));
    cast.castVote(cast.nullify(1n, 2)); // allowed [S3]
    solo.settle();
    const found = world.checks.evidence.map(({ kind }) => kind);
    for (const kind of ['doubleVote', 'notarizeAndFinalize', 'nullifyAndFinalize'] as const) {
      expectThat(found.includes(kind), `${kind} is not in evidence, only ${found.join()}`);
    }
    const culprits = world.checks.evidence.flatMap((proof) => ('culprit' in proof ? [proof.culprit] : proof.culprits));
    expectThat(
      culprits.every((culprit) => culprit === 3),
      `only 3 is accused, not ${culprits.join()}`,
    );
    return world.report('contradictory-votes', seed);
  },
};

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
