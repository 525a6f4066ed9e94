import { expectSaid } from '../engine/solo.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
