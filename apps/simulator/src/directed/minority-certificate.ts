import type { Certificate } from '@heddle/types';
import { spoiled } from '../actors/forge.ts';
import { isInView, type Solo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { EPOCH } from '../engine/world.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * Certificates that prove nothing: two signers of four, however well they signed, or a forged aggregate. They open no
 * view [C3], and who sends one is not heard any more [C4].
 */
export const minorityCertificate: DirectedScenario = {
  name: 'minority-certificate',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, node, cast } = solo;
    world.say(world.node(3), 0, { kind: 'certificate', certificate: worthless(solo, seed % 4) });
    solo.settle();
    expectThat(isInView(solo, 1n), `view 1 stays current\n${world.describe()}`);
    expectThat(node.state.finalizedView === 0n, 'nothing is final');
    expectThat(node.state.blocked.has(3), '3 is blocked');
    cast.castVote(cast.nullify(1n, 3));
    solo.settle();
    expectThat(!(node.state.views.get(1n)?.votes.nullify.has(3) ?? false), '3 is not heard any more');
  },
};

function worthless({ cast, world }: Solo, which: number): Certificate {
  const { tuple } = cast.proposal(1n, null);
  switch (which) {
    case 0:
      return world.signatures.certifySkip(EPOCH, 1n, [1, 2]);
    case 1:
      return world.signatures.certifyTuple('notarize', tuple, [1, 2]);
    case 2:
      return world.signatures.certifyTuple('finalize', tuple, [1, 2]);
    default: {
      const nullification = cast.nullification(1n);
      return { ...nullification, aggregate: spoiled(nullification.aggregate) };
    }
  }
}
