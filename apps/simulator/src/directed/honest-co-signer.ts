import { EPOCH } from '@heddle/consensus/testing';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
