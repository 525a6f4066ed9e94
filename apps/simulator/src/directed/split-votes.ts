import { isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
