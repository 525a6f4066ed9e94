import { realEngine } from '../engine/engine-under-test.ts';
import { createStage } from '../engine/stage.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** Work is there, then none: the last block becomes final by itself and no timer runs any more [I1] [I2]. */
export const idleNetwork: DirectedScenario = {
  name: 'idle-network',
  run: (seed) => {
    const world = createStage(seed, {
      validatorCount: 4 + (seed % 3),
      signer: 'none',
      puppets: [],
      engine: realEngine,
    });
    world.start();
    world.expectProgress(5, 10_000);
    world.expectRest(10_000);
    world.expectRest(10_000);
  },
};
