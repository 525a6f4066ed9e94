import { expectSaid } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** An idle validator hears that another waits for something: its clock runs too, or nobody would ever give the view up [I2]. */
export const awakenedNetwork: DirectedScenario = {
  name: 'awakened-network',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, world, cast } = solo;
    node.setWork(false);
    cast.castVote(cast.nullify(1n, 2));
    world.runFor(4 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
  },
};
