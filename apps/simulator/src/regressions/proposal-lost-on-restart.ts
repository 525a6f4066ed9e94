import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * A leader dies between the journal record of its proposal and the network. After the restart it has to send that very
 * proposal; the torn variant has lost the record of the vote that belongs to it.
 */
export const proposalLostOnRestart: EngineScenario = {
  name: 'proposal-lost-on-restart',
  budget: 10,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
    const leader = world.node(1);
    const records = seed % 2 === 0 ? 1 : 2;
    world.crashes = (node) => {
      const isSigning = node === leader && (node.state.round.draft?.leaderSignature ?? null) !== null;
      return isSigning ? { records, effects: 0, downMs: null } : null;
    };
    world.start();
    world.runFor(STAGE_DELTA_MS / 2);
    expectThat(!leader.up && leader.journal.at(0)?.kind === 'firstProposal', 'the leader died with its proposal');
    world.crashes = () => null;
    leader.restart();
    const notarized = (): boolean => world.nodes.every(({ state }) => state.views.get(1n)?.notarization != null);
    expectThat(world.run(world.events.nowMs + STAGE_DELTA_MS, notarized), `not resent\n${world.describe()}`);
    world.expectProgress(3, 20_000);
    return world.report('proposal-lost-on-restart', seed);
  },
};
