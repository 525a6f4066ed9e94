import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A leader enters its view without the certificates of the views below. It asks for them [P1] and proposes when it has
 * them, neither before nor never.
 */
export const missingSkipCertificate: EngineScenario = {
  name: 'missing-skip-certificate',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, { ...FOLLOWER, index: 3 });
    const { world, cast, node } = solo;
    cast.show(cast.nullification(2n));
    solo.settle();
    expectThat(node.state.currentView === 3n, 'view 3 is open');
    expectSaid(solo, 'certificateRequest:1');
    expectUnsaid(solo, 'proposal:3');
    cast.show(cast.nullification(1n));
    solo.settle();
    expectSaid(solo, 'proposal:3');
    const own = node.state.views.get(3n)?.proposal?.proposal;
    expectThat(own?.skipCertificates.map(({ view }) => view).join() === '1,2', 'it carries both skip certificates');
    return world.report('missing-skip-certificate', seed);
  },
};
