import { realEngine } from '../engine/engine-under-test.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/** A network of one that dies right after it has journaled its vote: nobody but itself can count that vote again [R2]. */
export const loneValidator: DirectedScenario = {
  name: 'lone-validator',
  run: (seed) => {
    const world = createStage(seed, { validatorCount: 1, signer: 'none', puppets: [], engine: realEngine });
    const node = world.node(0);
    world.crashes = ({ state }) => {
      const isSigning = (state.round.draft?.leaderSignature ?? null) !== null;
      return isSigning ? { records: Number.POSITIVE_INFINITY, effects: 0, downMs: null } : null;
    };
    world.start();
    expectThat(!node.up && node.journal.length === 2, 'it died with its proposal and its vote');
    world.crashes = () => null;
    node.restart();
    const left = (): boolean => node.state.currentView >= 2n;
    expectThat(world.run(world.events.nowMs + STAGE_DELTA_MS, left), `stuck in view 1\n${world.describe()}`);
  },
};
