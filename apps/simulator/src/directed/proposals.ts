import { claimOf, spoiled } from '@heddle/byzantine/without-nodes';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectSaid, expectUnsaid, FOLLOWER, isInView } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf, watchedSolo } from './bench.ts';

/** A proposal overtakes the certificates that open its view. It brings them with it, and is voted for at once. */
export const proposalOpensView: DirectedScenario = {
  name: 'proposal-opens-view',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { cast } = solo;
    const parent = cast.notarization(cast.proposal(1n, null).tuple);
    const [view, skips] = seed % 2 === 0 ? [2n, []] : [3n, [cast.nullification(2n)]];
    cast.propose(cast.proposal(view, parent, skips));
    solo.settle();
    expectSaid(solo, `vote/notarize:${view}`);
  },
};

/** Another validator passes on what looks like the leader's proposal, spoiled. It is not the leader's word [N2]: the view is not given up. */
export const relayedProposal: DirectedScenario = {
  name: 'relayed-proposal',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { cast } = solo;
    const proposal = cast.proposal(1n, null);
    cast.propose({ ...proposal, leaderSignature: spoiled(proposal.leaderSignature) }, 3);
    solo.settle();
    expectUnsaid(solo, 'vote/nullify:1');
    cast.propose(proposal);
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
  },
};

/** A well justified proposal of a block that does not execute: no notarize vote [N7], a nullify vote at once [S4]. */
export const invalidBlock: DirectedScenario = {
  name: 'invalid-block',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { cast } = solo;
    const claim = claimOf(cast.proposal(1n, null));
    const { block } = claim;
    cast.propose(cast.sign({ ...claim, block: { ...block, header: { ...block.header, number: 7n } } }));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:1');
    expectSaid(solo, 'vote/nullify:1');
  },
};

/** A block is judged when its view is over: whatever comes out, it gets no vote any more [N1] [S1]. */
export const lateVerdict: DirectedScenario = {
  name: 'late-verdict',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    node.hung.add('verifyBlock');
    const proposal = cast.proposal(1n, null);
    cast.propose(proposal);
    solo.settle();
    cast.show(cast.nullification(1n));
    solo.settle();
    expectThat(isInView(solo, 2n), 'view 2 is open');
    const verdict = seed % 2 === 0 ? 'invalid' : 'valid';
    node.give({ kind: 'blockVerified', view: 1n, blockHash: proposal.tuple.blockHash, verdict });
    solo.settle();
    expectUnsaid(solo, 'vote/nullify:1');
    expectUnsaid(solo, 'vote/notarize:1');
    cast.castVote(cast.nullify(2n, 2)); // and in the current view it votes on
    solo.settle();
    expectSaid(solo, 'vote/nullify:2');
  },
};

/** A proposal on a spoiled certificate, and a vote for it, before it or after: leader and voter are accused [E5]. */
export const voteForBadJustification: DirectedScenario = {
  name: 'vote-for-bad-justification',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const parent = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(parent);
    solo.settle();
    const claim = claimOf(cast.proposal(2n, parent));
    const bad = cast.sign({ ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } });
    const speak = [() => cast.propose(bad), () => cast.castVote(cast.vote('notarize', bad.tuple, 3))];
    for (const say of seed % 2 === 0 ? speak : speak.toReversed()) {
      say();
      solo.settle();
    }
    const accused = world.checks.evidence.flatMap((proof) =>
      proof.kind === 'badJustification' ? [proof.culprit] : [],
    );
    expectThat([...accused].sort().join() === '2,3', `2 and 3 are accused, not ${accused.join()}`);
  },
};

/** View 3 is open when a notarization of view 1 turns up: whoever builds chunks ahead is told of the better parent [V3]. */
export const betterParent: DirectedScenario = {
  name: 'better-parent',
  run: (seed) => {
    const solo = watchedSolo(seed, FOLLOWER);
    const { cast, effects } = solo;
    cast.show(cast.nullification(2n));
    solo.settle();
    expectThat(isInView(solo, 3n), 'view 3 is open');
    cast.show(cast.notarization(cast.proposal(1n, null).tuple));
    solo.settle();
    const told = effects.flatMap((effect) =>
      effect.kind === 'enterView' ? [`${effect.view}/${effect.parentView}`] : [],
    );
    expectThat(told.join(' ') === '1/0 3/0 3/1', `views and parents as announced: ${told.join(' ')}`);
  },
};

/**
 * The notarization of another block than the one that this validator has voted for, or is having its vote signed for:
 * no finalize vote for it [F3] [D2].
 */
export const notarizedSibling: DirectedScenario = {
  name: 'notarized-sibling',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, node, cast } = solo;
    if (seed % 2 === 1) node.hung.add('sign');
    cast.propose(cast.proposal(1n, null, [], 1));
    solo.settle();
    if (seed % 2 === 0) expectSaid(solo, 'vote/notarize:1');
    cast.show(cast.notarization(cast.proposal(1n, null, [], 2).tuple));
    world.runFor(STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/finalize:1');
    const asked = [...node.state.requests.values()].filter(({ kind }) => kind === 'sign').length;
    expectThat(asked === seed % 2, `no other vote is asked for, but ${asked}`);
  },
};
