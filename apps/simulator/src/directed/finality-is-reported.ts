import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** The driver is told of every finalization that is higher than the last, at once, and of none twice [F5]. */
export const finalityIsReported: DirectedScenario = {
  name: 'finality-is-reported',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    for (const view of [1n, 2n, 4n, 3n]) {
      cast.show(cast.finalization(cast.proposal(view, null).tuple));
      solo.settle();
      const told = node.lastFinal?.tuple.view;
      const due = view === 3n ? 4n : view;
      expectThat(told === due, `view ${due} is final, the driver was told of ${told}`);
    }
  },
};
