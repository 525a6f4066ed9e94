import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
