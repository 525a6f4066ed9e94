import { steadyNetwork } from '../engine/network.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';

/** Every message takes longer than 3Δ. Only timeouts that grow with the views skipped [V2] ever let a block through. */
export const fixedTimeout: EngineScenario = {
  name: 'fixed-timeout',
  budget: 10,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
    world.network = steadyNetwork(3 * STAGE_DELTA_MS + 20 * (1 + (seed % 10)));
    world.start();
    world.expectProgress(4, 60_000);
    return world.report('fixed-timeout', seed);
  },
};
