import { spoiled } from '../actors/forge.ts';
import { expectSaid, expectUnsaid } from '../engine/solo.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
