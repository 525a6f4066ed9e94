import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** The driver is told of every finalization that is higher than the last, at once, and of none twice [F5]. */
export const finalityIsReported: DirectedScenario = {
  name: 'finality-is-reported',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    const first = cast.proposal(1n, null).tuple;
    const second = cast.proposal(2n, cast.notarization(first)).tuple;
    const third = cast.proposal(3n, cast.notarization(second)).tuple;
    for (const [shown, due] of [[first, 1n] as const, [third, 3n] as const, [second, 3n] as const]) {
      cast.show(cast.finalization(shown));
      solo.settle();
      const told = node.lastFinal?.tuple.view;
      expectThat(told === due, `view ${due} is final, the driver was told of ${told}`);
    }
  },
};
