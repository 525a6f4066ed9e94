import { spoiled } from '@heddle/byzantine/without-nodes';
import { EPOCH } from '@heddle/consensus/testing';
import type { Certificate } from '@heddle/types';
import type { DirectedScenario } from '../engine/scenario.ts';
import { isInView, type Solo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';

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

/** Two certificates of one view that can't both be. Only who signed both is accused, not this honest one that signed one [E6]. */
export const honestCoSigner: DirectedScenario = {
  name: 'honest-co-signer',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, cast } = solo;
    const { tuple } = cast.proposal(1n, null);
    const sibling = cast.proposal(1n, null, [], 1).tuple;
    const finalization = world.signatures.certifyTuple('finalize', tuple, [1, 2, 3]);
    const other =
      seed % 2 === 0
        ? world.signatures.certifySkip(EPOCH, 1n, [0, 1, 2])
        : world.signatures.certifyTuple('notarize', sibling, [0, 1, 2]);
    for (const certificate of [finalization, other]) {
      world.say(world.node(3), 0, { kind: 'certificate', certificate });
      solo.settle();
    }
    const culprits = world.checks.evidence.flatMap((proof) => ('culprits' in proof ? proof.culprits : []));
    expectThat(culprits.join() === '1,2', `1 and 2 are accused, not ${culprits.join()}`);
  },
};

/** The driver is told of every finalization that is higher than the last, at once, and of none twice [F5]. */
export const finalityIsReported: DirectedScenario = {
  name: 'finality-is-reported',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, cast } = solo;
    const first = cast.proposal(1n, null).tuple;
    const second = cast.proposal(2n, cast.notarization(first)).tuple;
    const third = cast.proposal(3n, cast.notarization(second)).tuple;
    for (const [shown, due] of [[first, 1n] as const, [third, 3n] as const, [second, 3n] as const]) {
      cast.show(cast.finalization(shown));
      solo.settle();
      const told = node.lastFinal?.tuple.view;
      expectThat(told === due, `view ${due} is final, the driver was told of ${told}`);
    }
  },
};
