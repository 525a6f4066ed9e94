import { FOLLOWER, isInView } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { watchedSolo } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** View 3 is open when a notarization of view 1 turns up: whoever builds chunks ahead is told of the better parent [V3]. */
export const betterParent: DirectedScenario = {
  name: 'better-parent',
  run: (seed) => {
    const solo = watchedSolo(seed, FOLLOWER);
    const { cast, effects } = solo;
    cast.show(cast.nullification(2n));
    solo.settle();
    expectThat(isInView(solo, 3n), 'view 3 is open');
    cast.show(cast.notarization(cast.proposal(1n, null).tuple));
    solo.settle();
    const told = effects.flatMap((effect) =>
      effect.kind === 'enterView' ? [`${effect.view}/${effect.parentView}`] : [],
    );
    expectThat(told.join(' ') === '1/0 3/0 3/1', `views and parents as announced: ${told.join(' ')}`);
  },
};
