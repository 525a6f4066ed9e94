import { realEngine } from '../engine/engine-under-test.ts';
import { createSolo, FOLLOWER } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** While the signature of a nullify vote is being made, nothing that contradicts it is asked for [D2], nor a second one. */
export const slowSigner: DirectedScenario = {
  name: 'slow-signer',
  run: (seed) => {
    const solo = createSolo(seed, realEngine, FOLLOWER);
    const { world, node, cast } = solo;
    node.hung.add('sign');
    world.runFor(2.2 * STAGE_DELTA_MS);
    cast.propose(cast.proposal(1n, null));
    world.runFor(STAGE_DELTA_MS);
    const asked = [...node.state.requests.values()].flatMap((request) =>
      request.kind === 'sign' ? [request.request.kind] : [],
    );
    expectThat(asked.join() === 'nullify', `one nullify vote is asked for, not ${asked.join()}`);
  },
};
