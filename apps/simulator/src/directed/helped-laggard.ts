import { EPOCH } from '@heddle/consensus/testing';
import { isInView, type Solo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** Another validator is behind, and shows it by a vote repeated [R3], asks [R4], or says where it stands [R5]. */
export const helpedLaggard: DirectedScenario = {
  name: 'helped-laggard',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    solo.cast.show(solo.cast.nullification(5n));
    solo.settle();
    expectThat(isInView(solo, 6n), 'view 6 is open');
    speak(solo, seed % 3);
    solo.settle();
    expectTimes(solo, 'certificate/nullify:5', 1, 1);
  },
};

function speak({ world, cast }: Solo, how: number): void {
  const vote = cast.nullify(5n, 2);
  const laggard = world.node(2);
  if (how === 1) world.say(laggard, 0, { kind: 'certificateRequest', epoch: EPOCH, view: 5n });
  if (how === 2) {
    world.say(laggard, 0, { kind: 'status', status: { epoch: EPOCH, currentView: 5n, bestFinalization: null } });
  }
  if (how === 0) {
    cast.castVote(vote);
    cast.castVote(vote);
  }
}
