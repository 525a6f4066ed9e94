import { claimOf } from '../actors/forge.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER } from '../engine/solo.ts';

/**
 * A leader builds on the genesis block although view 1 is notarized, without or with nullifications of other views in
 * place of the one that it cannot have. Accepted, it would undo view 1.
 */
export const parentSkipped: EngineScenario = {
  name: 'parent-skipped',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    const { tuple } = cast.proposal(1n, null);
    cast.show(cast.notarization(tuple));
    solo.settle();
    const claim = claimOf(cast.proposal(2n, null));
    const skipCertificates = seed % 2 === 0 ? [] : [cast.nullification(2n)];
    cast.propose(cast.sign({ ...claim, skipCertificates }));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:2');
    expectSaid(solo, 'vote/nullify:2');
    return world.report('parent-skipped', seed);
  },
};
