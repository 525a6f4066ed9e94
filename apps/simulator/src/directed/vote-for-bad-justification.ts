import { claimOf, spoiled } from '../actors/forge.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** A proposal on a spoiled certificate, and a vote for it, before it or after: leader and voter are accused [E5]. */
export const voteForBadJustification: DirectedScenario = {
  name: 'vote-for-bad-justification',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const parent = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(parent);
    solo.settle();
    const claim = claimOf(cast.proposal(2n, parent));
    const bad = cast.sign({ ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } });
    const speak = [() => cast.propose(bad), () => cast.castVote(cast.vote('notarize', bad.tuple, 3))];
    for (const say of seed % 2 === 0 ? speak : speak.toReversed()) {
      say();
      solo.settle();
    }
    const accused = world.checks.evidence.flatMap((proof) =>
      proof.kind === 'badJustification' ? [proof.culprit] : [],
    );
    expectThat([...accused].sort().join() === '2,3', `2 and 3 are accused, not ${accused.join()}`);
  },
};
