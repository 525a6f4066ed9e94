import type { EngineScenario } from '../engine/scenario.ts';
import { ownVotesOf } from '../engine/solo.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * The leader of view 1 hangs, and every validator dies right after it has journaled its nullify vote, before anyone has
 * heard of it. An engine that does not count and resend what its journal holds never leaves the view.
 */
export const allCrashAfterNullify: EngineScenario = {
  name: 'all-crash-after-nullify',
  budget: 10,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
    world.node(1).hung.add('buildBlock');
    world.crashes = (node) => {
      const isLast = node.timers.size > 0 && node.state.views.get(1n)?.ownNullify?.status === 'signing';
      return isLast ? { records: Number.POSITIVE_INFINITY, effects: 0, downMs: null } : null;
    };
    world.start();
    world.runFor(3 * STAGE_DELTA_MS);
    for (const node of world.nodes) {
      expectThat(!node.up && ownVotesOf(node).includes('nullify:1'), `${node.name} died after its nullify vote`);
    }
    world.crashes = () => null;
    world.node(1).hung.clear();
    for (const node of world.nodes) node.restart();
    // Before any timer: the votes are said and counted at the start.
    const left = (): boolean => world.nodes.every(({ state }) => state.currentView >= 2n);
    expectThat(world.run(world.events.nowMs + STAGE_DELTA_MS, left), `stuck in view 1\n${world.describe()}`);
    world.expectProgress(3, 20_000);
    return world.report('all-crash-after-nullify', seed);
  },
};
