import type { Proposal } from '@heddle/types';
import { claimOf, spoiled } from '../actors/forge.ts';
import { UNKNOWN_HASH } from '../engine/cast.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, type Solo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A leader's proposal proves nothing: a missing or spoiled skip certificate, one without a quorum, one too many, a
 * parent that is not the certified one, a spoiled or missing parent certificate. Each gets a nullify vote at once, never
 * a notarize vote, and evidence against the leader [E5].
 */
export const invalidJustification: EngineScenario = {
  name: 'invalid-justification',
  budget: 14,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, { ...FOLLOWER, index: 1 });
    const { world, node, cast } = solo;
    const parent = cast.notarization(cast.proposal(1n, null).tuple);
    cast.show(parent);
    for (const view of [2n, 3n]) cast.show(cast.nullification(view));
    solo.settle();
    expectThat(node.state.currentView === 4n, `view 4 is open\n${world.describe()}`);
    cast.propose(falsified(solo, seed));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:4');
    expectSaid(solo, 'vote/nullify:4');
    const [proof] = world.checks.evidence;
    expectThat(proof?.kind === 'badJustification' && proof.culprit === 0, `0 is accused, not ${proof?.kind}`);
    return world.report('invalid-justification', seed);
  },
};

function falsified({ cast, world }: Solo, seed: number): Proposal {
  const parent = cast.notarization(cast.proposal(1n, null).tuple);
  const [second, third] = [cast.nullification(2n), cast.nullification(3n)];
  const claim = claimOf(cast.proposal(4n, parent, [second, third]));
  switch (seed % 7) {
    case 0:
      return cast.sign({ ...claim, skipCertificates: [third] });
    case 1:
      return cast.sign({ ...claim, skipCertificates: [second, { ...third, aggregate: spoiled(third.aggregate) }] });
    case 2:
      return cast.sign({ ...claim, skipCertificates: [second, world.signatures.certifySkip(3n, 3n, [0, 2])] });
    case 3:
      return cast.sign({ ...claim, skipCertificates: [second, third, cast.nullification(4n)] });
    case 4:
      return cast.sign({ ...claim, parentHash: UNKNOWN_HASH });
    case 5:
      return cast.sign({ ...claim, parentCertificate: { ...parent, aggregate: spoiled(parent.aggregate) } });
    default:
      return cast.sign({ ...claim, parentCertificate: null });
  }
}
