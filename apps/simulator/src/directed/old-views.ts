import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const VIEWS = 200n;

/** Long after their finalization views are forgotten, and so are journal records before a floor [W1] [D4]. */
export const oldViews: DirectedScenario = {
  name: 'old-views',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    for (let view = 1n; view <= VIEWS; view += 1n) {
      cast.show(cast.finalization(cast.proposal(view, null).tuple));
      solo.settle();
    }
    expectThat(node.state.finalizedView === VIEWS, 'every view is final');
    expectThat(node.state.views.size <= 16, `${node.state.views.size} views are kept`);
    expectThat(node.journal.length <= 80, `${node.journal.length} records are kept`);
  },
};
