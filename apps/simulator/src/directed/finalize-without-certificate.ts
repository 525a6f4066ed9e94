import { expectSaid, expectUnsaid } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * Of all that the journal held only the finalize vote is left, not the notarization that it stands on: the view is
 * current again, and must not be nullified [S2].
 */
export const finalizeWithoutCertificate: DirectedScenario = {
  name: 'finalize-without-certificate',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, node, cast } = solo;
    cast.show(cast.notarization(cast.proposal(1n, null).tuple));
    solo.settle();
    expectSaid(solo, 'vote/finalize:1');
    node.crash(null);
    node.journal = node.journal.filter(({ kind }) => kind === 'ownVote');
    node.restart();
    world.runFor(5 * STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/nullify:1');
  },
};
