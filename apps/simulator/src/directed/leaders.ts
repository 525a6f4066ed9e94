import { hashBlock, makeBlock } from '@heddle/consensus/testing';
import { realEngine } from '../engine/engine-under-test.ts';
import type { DirectedScenario } from '../engine/scenario.ts';
import { createSolo, expectSaid, FOLLOWER } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, restartWithoutJournal, watchedSolo } from './bench.ts';

/**
 * The leader's own block does not come. It is asked for once [P2]; when it can't be built, the view is given up at once
 * [S4]; when it comes after the timeout, it is not proposed any more [N6].
 */
export const leaderThatHangs: DirectedScenario = {
  name: 'leader-that-hangs',
  run: (seed) => {
    const solo = watchedSolo(seed, { ...FOLLOWER, index: 1 });
    const { world, node, cast, effects } = solo;
    node.hung.add('buildBlock');
    restartWithoutJournal(solo);
    const before = effects.filter(({ kind }) => kind === 'buildBlock').length;
    for (const signer of [2, 3]) cast.castVote(cast.nullify(2n, signer));
    solo.settle();
    const asked = effects.filter(({ kind }) => kind === 'buildBlock').length;
    expectThat(asked === before && before === 2, `one block is asked for in each life, not ${asked} in both`);
    if (seed % 2 === 0) {
      node.give({ kind: 'buildFailed', view: 1n });
      solo.settle();
      expectSaid(solo, 'vote/nullify:1');
      return;
    }
    world.runFor(2.2 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
    const block = makeBlock(1n, 1, node.config.genesisHash, 1n, seed);
    node.give({ kind: 'blockBuilt', view: 1n, block, blockHash: hashBlock(block) });
    solo.settle();
    expectTimes(solo, 'proposal:1', 1, 1); // the one of its first life
  },
};

/** A leader has lost the journal of its proposal. Its signer refuses a second one, so that it gives the view up at once [S4] [D5]. */
export const signerRefusesLeader: DirectedScenario = {
  name: 'signer-refuses-leader',
  run: (seed) => {
    const solo = createSolo(seed, realEngine, { validatorCount: FOLLOWER.validatorCount, index: 1, signer: 'rules' });
    solo.settle();
    expectTimes(solo, 'proposal:1', 1, 1);
    restartWithoutJournal(solo);
    solo.settle();
    expectTimes(solo, 'proposal:1', 1, 1);
    expectTimes(solo, 'vote/nullify:1', 1, 1);
  },
};

/** While the signature of a nullify vote is being made, nothing that contradicts it is asked for [D2], nor a second one. */
export const slowSigner: DirectedScenario = {
  name: 'slow-signer',
  run: (seed) => {
    const solo = createSolo(seed, realEngine, FOLLOWER);
    const { world, node, cast } = solo;
    node.hung.add('sign');
    world.runFor(2.2 * STAGE_DELTA_MS);
    cast.propose(cast.proposal(1n, null));
    world.runFor(STAGE_DELTA_MS);
    const asked = [...node.state.requests.values()].flatMap((request) =>
      request.kind === 'sign' ? [request.request.kind] : [],
    );
    expectThat(asked.join() === 'nullify', `one nullify vote is asked for, not ${asked.join()}`);
  },
};
