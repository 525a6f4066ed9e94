import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, FOLLOWER } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/** A validator votes for two blocks, notarizes one and finalizes another, and nullifies what it finalizes [E2]–[E4]. */
export const contradictoryVotes: EngineScenario = {
  name: 'contradictory-votes',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, cast } = solo;
    const [a, b] = [cast.proposal(1n, null, [], 1).tuple, cast.proposal(1n, null, [], 2).tuple];
    const votes = [cast.vote('notarize', a, 3), cast.vote('notarize', b, 3), cast.vote('finalize', b, 3)];
    for (const vote of [...votes, cast.nullify(1n, 3)]) cast.castVote(vote);
    cast.castVote(cast.vote('notarize', a, 2));
    cast.castVote(cast.nullify(1n, 2)); // allowed [S3]
    solo.settle();
    const found = world.checks.evidence.map(({ kind }) => kind);
    for (const kind of ['doubleVote', 'notarizeAndFinalize', 'nullifyAndFinalize'] as const) {
      expectThat(found.includes(kind), `${kind} is not in evidence, only ${found.join()}`);
    }
    const culprits = world.checks.evidence.flatMap((proof) => ('culprit' in proof ? [proof.culprit] : proof.culprits));
    expectThat(
      culprits.every((culprit) => culprit === 3),
      `only 3 is accused, not ${culprits.join()}`,
    );
    return world.report('contradictory-votes', seed);
  },
};
