import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectUnsaid, FOLLOWER } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * More than f are faulty and have a nullification of a finalized view to show. A proposal that skips it is justified by
 * the letter; whoever knows the finalization still doesn't vote for it [N5], and the two certificates accuse their common signers [E6].
 */
export const staleParent: EngineScenario = {
  name: 'stale-parent',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const first = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(first);
    const second = cast.proposal(2n, first);
    cast.show(cast.finalization(second.tuple));
    solo.settle();
    expectThat(node.state.finalizedView === 2n, 'view 2 is final');
    cast.propose(cast.proposal(3n, first, [cast.nullification(2n)]));
    solo.settle();
    world.runFor(STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/notarize:3');
    const accused = world.checks.evidence.some(({ kind }) => kind === 'conflictingCertificates');
    expectThat(accused, 'the conflicting certificates are in evidence');
    return world.report('stale-parent', seed);
  },
};
