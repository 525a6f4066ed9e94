import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER } from '../engine/solo.ts';

/** A leader that nullifies its own view is followed at once [S5], before any timeout, also by one that comes late. */
export const leaderCannotBuild: EngineScenario = {
  name: 'leader-cannot-build',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    cast.castVote(cast.nullify(1n, 1));
    cast.castVote(cast.nullify(2n, 2));
    solo.settle();
    expectSaid(solo, 'vote/nullify:1');
    cast.show(cast.nullification(1n));
    solo.settle();
    expectSaid(solo, 'vote/nullify:2');
    return world.report('leader-cannot-build', seed);
  },
};
