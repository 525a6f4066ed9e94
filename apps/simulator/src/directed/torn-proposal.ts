import { isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** The journal of a leader ends between its proposal and the vote that belongs to it: the vote stands in the proposal too [P4]. */
export const tornProposal: DirectedScenario = {
  name: 'torn-proposal',
  run: (seed) => {
    const solo = soloOf(seed, 1);
    const { node, cast, world } = solo;
    const [proposed] = node.journal;
    expectThat(proposed?.kind === 'firstProposal', 'it has proposed');
    node.crash(null);
    node.journal = [proposed];
    node.restart();
    for (const signer of [2, 3]) cast.castVote(cast.vote('notarize', proposed.proposal.tuple, signer));
    solo.settle();
    expectThat(isInView(solo, 2n), `two votes and its own are a quorum\n${world.describe()}`);
  },
};
