import type { JournalRecord } from '@heddle/consensus';
import type { EngineUnderTest } from '../../engine/engine-under-test.ts';
import type { EngineReport } from '../../engine/report.ts';
import type { EngineScenario } from '../../engine/scenario.ts';
import { createSolo, expectSaid, expectUnsaid, FOLLOWER, ownVotesOf, restartSolo } from '../../engine/solo.ts';
import { createStage, STAGE_DELTA_MS } from '../../engine/stage.ts';
import { expectThat } from '../../engine/violation.ts';
import type { EngineWorld } from '../../engine/world.ts';

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

type LostVote = 'notarize' | 'finalize';

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

function runWith(seed: number, engine: EngineUnderTest, kind: LostVote): EngineReport {
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

function isVote(record: JournalRecord, kind: LostVote): boolean {
  return record.kind === 'ownVote' && record.vote.kind === kind;
}

function hasCome(world: EngineWorld, kind: LostVote): boolean {
  return world.nodes.every(({ state }) => (kind === 'notarize' ? state.currentView : state.finalizedView + 1n) >= 2n);
}

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

/**
 * A nullify vote is cast, then the journal is pruned to its floor and the process restarts; only then the notarization
 * of that view arrives. A journal that forgets the (empty) nullify vote lets the engine finalize what it has nullified.
 */
export const nullifyForgottenAtFloor: EngineScenario = {
  name: 'nullify-forgotten-at-floor',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const { tuple } = cast.proposal(64n, null);
    const parent = cast.notarization(tuple);
    cast.show(parent);
    solo.settle();
    world.runFor(40 * STAGE_DELTA_MS); // k = 63: T is at its cap
    expectSaid(solo, 'vote/nullify:65');
    cast.show(cast.finalization(tuple));
    solo.settle();
    expectThat(node.journal.at(0)?.kind === 'floor', 'the journal begins with a floor');
    restartSolo(solo);
    const next = cast.proposal(65n, parent);
    cast.propose(next);
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:65');
    cast.show(cast.notarization(next.tuple));
    solo.settle();
    expectThat(node.state.currentView === 66n, 'the notarization opens view 66');
    expectUnsaid(solo, 'vote/finalize:65');
    return world.report('nullify-forgotten-at-floor', seed);
  },
};

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

/**
 * A validator restarts and its signer does not answer. Nothing in the replay may need a signature: it says again what
 * it has signed before, and follows the others to what they finalize.
 */
export const replayUnableToSign: EngineScenario = {
  name: 'replay-unable-to-sign',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const first = cast.proposal(1n, null);
    cast.propose(first);
    solo.settle();
    expectSaid(solo, 'vote/notarize:1');
    node.hung.add('sign');
    const before = solo.said.filter((what) => what === 'status:1').length;
    restartSolo(solo);
    solo.settle();
    expectThat(solo.said.filter((what) => what === 'status:1').length === before + 1, 'it says where it stands');
    const votes = node.state.views.get(1n)?.votes.notarize;
    expectThat(votes?.has(node.index) === true, 'its own vote is counted again');
    const notarization = cast.notarization(first.tuple);
    cast.show(notarization);
    const second = cast.proposal(2n, notarization);
    cast.propose(second);
    cast.show(cast.finalization(second.tuple));
    solo.settle();
    expectThat(node.state.finalizedView === 2n, `it follows without a signer\n${world.describe()}`);
    return world.report('replay-unable-to-sign', seed);
  },
};

/**
 * The application has committed a block that the consensus journal knows nothing of. The engine takes the application's
 * word: it goes on above that block and votes for nothing below.
 */
export const applicationAhead: EngineScenario = {
  name: 'application-ahead',
  budget: 10,
  run: (seed, engine) => {
    const solo = createSolo(seed, engine, FOLLOWER);
    const { world, node, cast } = solo;
    const committed = cast.finalization(cast.proposal(5n, null).tuple);
    node.crash(null);
    if (seed % 2 === 0) node.journal = [];
    node.lastFinal = committed;
    node.restart();
    expectThat(node.state.currentView === 6n, `view 6 follows what is final\n${world.describe()}`);
    cast.propose(cast.proposal(3n, null));
    cast.castVote(cast.nullify(5n, 1));
    cast.propose(cast.proposal(6n, committed));
    solo.settle();
    expectUnsaid(solo, 'vote/notarize:3');
    expectSaid(solo, 'vote/notarize:6');
    return world.report('application-ahead', seed);
  },
};
