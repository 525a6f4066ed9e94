import { EPOCH } from '@heddle/consensus/testing';
import { realEngine } from '../engine/engine-under-test.ts';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectSaid, expectUnsaid, isInView, restartSolo, type Solo } from '../engine/solo.ts';
import { createStage, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, soloOf } from './bench.ts';

/** A process dies in the middle and takes up what it was at [D1] [D3]: its view, its block's check, its finalize vote. */
export const restartWhereItWas: DirectedScenario = {
  name: 'restart-where-it-was',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    [inItsView, checkingItsBlock, finalizing][seed % 3]?.(solo);
  },
};

function inItsView(solo: Solo): void {
  solo.cast.show(solo.cast.nullification(1n));
  solo.settle();
  restartSolo(solo);
  expectThat(isInView(solo, 2n), `it is in view 2 again\n${solo.world.describe()}`);
}

function checkingItsBlock(solo: Solo): void {
  const { node, cast } = solo;
  node.hung.add('verifyBlock');
  cast.propose(cast.proposal(1n, null));
  solo.settle();
  node.hung.clear();
  restartSolo(solo);
  solo.settle();
  expectSaid(solo, 'vote/notarize:1');
}

function finalizing(solo: Solo): void {
  const { node, cast } = solo;
  node.hung.add('sign');
  cast.show(cast.notarization(cast.proposal(1n, null).tuple));
  solo.settle();
  node.hung.clear();
  restartSolo(solo);
  solo.settle();
  expectSaid(solo, 'vote/finalize:1');
}

/** The journal of a leader ends between its proposal and the vote that belongs to it: the vote stands in the proposal too [P4]. */
export const tornProposal: DirectedScenario = {
  name: 'torn-proposal',
  run: (seed) => {
    const solo = soloOf(seed, 1);
    const { node, cast, world } = solo;
    const [proposed] = node.journal;
    expectThat(proposed?.kind === 'firstProposal', 'it has proposed');
    node.crash(null);
    node.journal = [proposed];
    node.restart();
    for (const signer of [2, 3]) cast.castVote(cast.vote('notarize', proposed.proposal.tuple, signer));
    solo.settle();
    expectThat(isInView(solo, 2n), `two votes and its own are a quorum\n${world.describe()}`);
  },
};

/**
 * Of all that the journal held only the finalize vote is left, not the notarization that it stands on: the view is
 * current again, and must not be nullified [S2].
 */
export const finalizeWithoutCertificate: DirectedScenario = {
  name: 'finalize-without-certificate',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { world, node, cast } = solo;
    cast.show(cast.notarization(cast.proposal(1n, null).tuple));
    solo.settle();
    expectSaid(solo, 'vote/finalize:1');
    node.crash(null);
    node.journal = node.journal.filter(({ kind }) => kind === 'ownVote');
    node.restart();
    world.runFor(5 * STAGE_DELTA_MS);
    expectUnsaid(solo, 'vote/nullify:1');
  },
};

/** A network of one that dies right after it has journaled its vote: nobody but itself can count that vote again [R2]. */
export const loneValidator: DirectedScenario = {
  name: 'lone-validator',
  run: (seed) => {
    const world = createStage(seed, { validatorCount: 1, signer: 'none', puppets: [], engine: realEngine });
    const node = world.node(0);
    world.answerDelayMs = () => 1; // alone it would pass views without end at one moment
    world.crashes = ({ state }) => {
      const isSigning = (state.round.draft?.leaderSignature ?? null) !== null;
      return isSigning ? { records: Number.POSITIVE_INFINITY, effects: 0, downMs: null } : null;
    };
    world.start();
    world.runFor(STAGE_DELTA_MS / 2);
    expectThat(!node.up && node.journal.length === 2, 'it died with its proposal and its vote');
    world.crashes = () => null;
    node.restart();
    const left = (): boolean => node.state.currentView >= 2n;
    expectThat(world.run(world.events.nowMs + STAGE_DELTA_MS, left), `stuck in view 1\n${world.describe()}`);
  },
};

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

/** Another validator is behind, and shows it by a vote repeated [R3], asks [R4], or says where it stands [R5]. */
export const helpedLaggard: DirectedScenario = {
  name: 'helped-laggard',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    solo.cast.show(solo.cast.nullification(5n));
    solo.settle();
    expectThat(isInView(solo, 6n), 'view 6 is open');
    speak(solo, seed % 3);
    solo.settle();
    expectTimes(solo, 'certificate/nullify:5', 1, 1);
  },
};

function speak({ world, cast }: Solo, how: number): void {
  const vote = cast.nullify(5n, 2);
  const laggard = world.node(2);
  if (how === 1) world.say(laggard, 0, { kind: 'certificateRequest', epoch: EPOCH, view: 5n });
  if (how === 2) {
    world.say(laggard, 0, { kind: 'status', status: { epoch: EPOCH, currentView: 5n, bestFinalization: null } });
  }
  if (how === 0) {
    cast.castVote(vote);
    cast.castVote(vote);
  }
}
