import { spoiled } from '../actors/forge.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

const FAR = 2n ** 63n;

/**
 * Claims of a view in the far future, in every kind of message, none of them proven. Nobody moves for a number: the
 * validator stays in view 1, keeps nothing of it, and goes on voting.
 */
export const forgedViewNumber: EngineScenario = {
  name: 'forged-view-number',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const forger = world.node(3);
    const { tuple } = cast.proposal(1n, null);
    const far = { ...tuple, view: FAR, parentView: FAR - 1n };
    const forged = cast.notarization(far);
    cast.castVote(cast.nullify(FAR, 3));
    cast.castVote(cast.vote('finalize', far, 3));
    world.say(forger, 0, { kind: 'certificateRequest', epoch: tuple.epoch, view: FAR });
    world.say(forger, 0, { kind: 'status', status: { epoch: 3n, currentView: FAR, bestFinalization: null } });
    cast.propose(cast.proposal(FAR + 3n, null), 3);
    solo.settle();
    const certificate = { ...forged, aggregate: spoiled(forged.aggregate) };
    world.say(world.node(2), 0, { kind: 'certificate', certificate }); // 3 is blocked by now
    solo.settle();
    expectThat(node.state.currentView === 1n, `it stays in view 1\n${world.describe()}`);
    expectThat(node.state.views.size <= 2, `${node.state.views.size} views are kept`);
    cast.propose(cast.proposal(1n, null));
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    return world.report('forged-view-number', seed);
  },
};
