import { realEngine } from '../engine/engine-under-test.ts';
import { createSolo, expectSaid, FOLLOWER, isInView, type Solo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, restartWithoutJournal } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * A validator votes, loses its whole journal, and is led to say something that contradicts its vote. Its engine knows no
 * better; the signer's record has the last word [D5].
 */
export const signerMemory: DirectedScenario = {
  name: 'signer-memory',
  run: (seed) => {
    const solo = createSolo(seed, realEngine, { ...FOLLOWER, signer: 'rules' });
    CASES[seed % CASES.length]?.(solo);
  },
};

const CASES: readonly ((solo: Solo) => void)[] = [
  otherBlock,
  sameBlock,
  finalizeAfterNullify,
  nullifyAfterFinalize,
  finalizeOtherBlock,
  notarizeOtherThanFinalized,
  earlierView,
  notarizeAfterNullify,
];

function tupleOf({ cast }: Solo, salt: number): ReturnType<Solo['cast']['proposal']>['tuple'] {
  return cast.proposal(1n, null, [], salt).tuple;
}

function notarizeFirst(solo: Solo): void {
  solo.cast.propose(solo.cast.proposal(1n, null, [], 1));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 1, 1);
  restartWithoutJournal(solo);
}

function nullifyFirst(solo: Solo): void {
  solo.world.runFor(2.2 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/nullify:1', 1, 1);
  restartWithoutJournal(solo);
}

function finalizeFirst(solo: Solo): void {
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 1)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 1, 1);
  restartWithoutJournal(solo);
}

/** Two notarize votes in one view. */
function otherBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 2));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 1, 1);
}

/** The same question gets the same answer. */
function sameBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 1));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 2, 2);
}

function finalizeAfterNullify(solo: Solo): void {
  nullifyFirst(solo);
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 1)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 0, 0);
}

function nullifyAfterFinalize(solo: Solo): void {
  finalizeFirst(solo);
  solo.world.runFor(4 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/nullify:1', 0, 0);
}

function finalizeOtherBlock(solo: Solo): void {
  notarizeFirst(solo);
  solo.cast.show(solo.cast.notarization(tupleOf(solo, 2)));
  solo.settle();
  expectTimes(solo, 'vote/finalize:1', 0, 0);
}

function notarizeOtherThanFinalized(solo: Solo): void {
  finalizeFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null, [], 2));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 0, 0);
}

/** A key that has voted in view 2 never votes in view 1 again. */
function earlierView(solo: Solo): void {
  const { cast, world } = solo;
  cast.show(cast.nullification(1n));
  solo.settle();
  world.runFor(4 * STAGE_DELTA_MS);
  expectSaid(solo, 'vote/nullify:2');
  restartWithoutJournal(solo);
  expectThat(isInView(solo, 1n), 'the engine is in view 1');
  cast.propose(cast.proposal(1n, null));
  world.runFor(4 * STAGE_DELTA_MS);
  expectTimes(solo, 'vote/notarize:1', 0, 0);
  expectTimes(solo, 'vote/nullify:1', 0, 0);
}

function notarizeAfterNullify(solo: Solo): void {
  nullifyFirst(solo);
  solo.cast.propose(solo.cast.proposal(1n, null));
  solo.settle();
  expectTimes(solo, 'vote/notarize:1', 0, 0);
}
