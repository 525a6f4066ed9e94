import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectTimes, soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * Nobody answers. What may have been lost is said again and again [R1] [R2]: the entry certificates, the votes of the
 * view, finalize votes of earlier ones, the own proposal.
 */
export const retries: DirectedScenario = {
  name: 'retries',
  run: (seed) => {
    const kind = seed % 4;
    const solo = soloOf(seed, kind === 3 ? 1 : 0);
    const { world, cast } = solo;
    if (kind === 0) cast.show(cast.nullification(1n));
    if (kind === 2) cast.show(cast.notarization(cast.proposal(1n, null).tuple));
    world.runFor(12 * STAGE_DELTA_MS);
    const what = ['certificate/nullify:1', 'vote/nullify:1', 'vote/finalize:1', 'proposal:1'][kind] ?? '';
    expectTimes(solo, what, 3, 12);
  },
};
