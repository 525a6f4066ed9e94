import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * The tail of one validator's journal is lost: it comes back knowing less than it has said. Its signer has the last
 * word [D5], so it contradicts nothing, and the others help it to the present.
 */
export const tornJournal: EngineScenario = {
  name: 'torn-journal',
  budget: 30,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'rules', puppets: [], engine });
    world.start();
    world.runFor(2 * STAGE_DELTA_MS);
    const node = world.node(seed % 4);
    node.crash(null);
    node.journal = node.journal.slice(0, seed % (node.journal.length + 1));
    node.lastFinal = null;
    world.runFor(seed % 3 === 0 ? 0 : 3 * STAGE_DELTA_MS);
    node.restart();
    expectThat(node.up, 'a torn journal is no reason to stay down');
    world.expectProgress(4, 20_000);
    return world.report('torn-journal', seed);
  },
};
