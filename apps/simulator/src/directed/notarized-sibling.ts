import { expectSaid, expectUnsaid } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
