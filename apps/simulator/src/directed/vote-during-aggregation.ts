import { spoiled } from '../actors/forge.ts';
import { isInView } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** A quorum with a bad signature is being aggregated when one more good vote comes: without the bad one it is tried again [C2]. */
export const voteDuringAggregation: DirectedScenario = {
  name: 'vote-during-aggregation',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const proposal = cast.proposal(1n, null);
    cast.propose(proposal);
    solo.settle();
    world.answerDelayMs = () => STAGE_DELTA_MS / 2;
    const bad = cast.vote('notarize', proposal.tuple, 3);
    cast.castVote({ ...bad, signature: spoiled(bad.signature) });
    solo.settle();
    cast.castVote(cast.vote('notarize', proposal.tuple, 2));
    world.runFor(1.5 * STAGE_DELTA_MS);
    expectThat(isInView(solo, 2n), `three good votes are a quorum\n${world.describe()}`);
  },
};
