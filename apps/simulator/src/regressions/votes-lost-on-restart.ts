import type { JournalRecord } from '@heddle/consensus';
import type { EngineUnderTest } from '../engine/engine-under-test.ts';
import type { EngineReport } from '../engine/report.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import type { EngineWorld } from '../engine/world.ts';

type VoteKind = 'notarize' | 'finalize';

/**
 * A power cut takes every validator right after it has journaled its vote for view 1 and before it has sent it. What
 * was voted has to be counted again after the restart, without any timer's help, or a block that a quorum stands
 * behind is lost.
 */
export const votesLostOnRestart: EngineScenario = {
  name: 'votes-lost-on-restart',
  budget: 20,
  run: (seed, engine) => runWith(seed, engine, seed % 2 === 0 ? 'notarize' : 'finalize'),
};

function runWith(seed: number, engine: EngineUnderTest, kind: VoteKind): EngineReport {
  const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
  world.node(2).hung.add('buildBlock'); // nothing but the lost votes moves view 2
  const voted = new Set<string>();
  world.crashes = (node) => {
    const own = node.state.views.get(1n)?.[kind === 'notarize' ? 'ownNotarize' : 'ownFinalize'];
    if (own?.status !== 'signing' || voted.has(node.name)) return null;
    // The leader's notarize vote travels in its proposal, which the others need first.
    if (kind === 'notarize' && node.index === 1) return null;
    voted.add(node.name);
    return { records: Number.POSITIVE_INFINITY, effects: 0, downMs: null };
  };
  world.start();
  world.runFor(2 * STAGE_DELTA_MS);
  if (world.node(1).up) world.node(1).crash(null);
  expectThat(voted.size >= 3, `a quorum voted and died, not ${voted.size}`);
  for (const node of world.nodes) if (node.journal.some((record) => isVote(record, kind))) voted.add(node.name);
  world.crashes = () => null;
  for (const node of world.nodes) node.restart();
  const arrived = world.run(world.events.nowMs + STAGE_DELTA_MS, () => hasCome(world, kind));
  expectThat(arrived, `the ${kind} votes of view 1 are lost\n${world.describe()}`);
  world.node(2).hung.clear();
  world.expectProgress(3, 20_000);
  return world.report('votes-lost-on-restart', seed);
}

function isVote(record: JournalRecord, kind: VoteKind): boolean {
  return record.kind === 'ownVote' && record.vote.kind === kind;
}

function hasCome(world: EngineWorld, kind: VoteKind): boolean {
  return world.nodes.every(({ state }) => (kind === 'notarize' ? state.currentView : state.finalizedView + 1n) >= 2n);
}
