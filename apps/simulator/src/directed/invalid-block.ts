import { claimOf } from '../actors/forge.ts';
import { expectSaid, expectUnsaid } from '../engine/solo.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
