import { expectSaid, expectUnsaid, isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
