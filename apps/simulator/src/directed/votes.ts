import { spoiled } from '@heddle/byzantine/without-nodes';
import type { TupleCertificate } from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectSaid, isInView } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';

/** A block gets this validator's vote but no quorum: it gives the view up all the same, at 3T [S3]. */
export const nullifyAfterNotarize: DirectedScenario = {
  name: 'nullify-after-notarize',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    solo.cast.propose(solo.cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    solo.world.runFor(3.2 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
  },
};

/** A quorum of votes, but for two blocks: no certificate of either [C1]. */
export const splitVotes: DirectedScenario = {
  name: 'split-votes',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const kind = seed % 2 === 0 ? 'notarize' : 'finalize';
    const [a, b] = [cast.proposal(1n, null, [], 1).tuple, cast.proposal(1n, null, [], 2).tuple];
    for (const [tuple, signer] of [[a, 1] as const, [a, 2] as const, [b, 3] as const]) {
      cast.castVote(cast.vote(kind, tuple, signer));
    }
    solo.settle();
    expectThat(isInView(solo, 1n), `three votes for two blocks are no quorum\n${world.describe()}`);
  },
};

/** A quorum with a bad signature is being aggregated when one more good vote comes: without the bad one it is tried again [C2]. */
export const voteDuringAggregation: DirectedScenario = {
  name: 'vote-during-aggregation',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const proposal = cast.proposal(1n, null);
    cast.propose(proposal);
    solo.settle();
    world.answerDelayMs = () => STAGE_DELTA_MS / 2;
    const bad = cast.vote('notarize', proposal.tuple, 3);
    cast.castVote({ ...bad, signature: spoiled(bad.signature) });
    solo.settle();
    cast.castVote(cast.vote('notarize', proposal.tuple, 2));
    world.runFor(1.5 * STAGE_DELTA_MS);
    expectThat(isInView(solo, 2n), `three good votes are a quorum\n${world.describe()}`);
  },
};

/** One validator votes in every view to come. Only the next one is worth keeping [W1]. */
export const votesFarAhead: DirectedScenario = {
  name: 'votes-far-ahead',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    for (let view = 1n; view <= 40n; view += 1n) cast.castVote(cast.nullify(view, 3));
    solo.settle();
    expectThat(node.state.views.size <= 2, `${node.state.views.size} views are kept`);
  },
};

const VIEWS = 200n;

/** Long after their finalization views are forgotten, and so are journal records before a floor [W1] [D4]. */
export const oldViews: DirectedScenario = {
  name: 'old-views',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    let parent: TupleCertificate | null = null;
    for (let view = 1n; view <= VIEWS; view += 1n) {
      const { tuple } = cast.proposal(view, parent);
      parent = cast.notarization(tuple);
      cast.show(cast.finalization(tuple));
      solo.settle();
    }
    expectThat(node.state.finalizedView === VIEWS, 'every view is final');
    expectThat(node.state.views.size <= 16, `${node.state.views.size} views are kept`);
    expectThat(node.journal.length <= 80, `${node.journal.length} records are kept`);
  },
};
