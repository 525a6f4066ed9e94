import { hashBlock, makeBlock } from '@heddle/consensus/testing';
import { expectSaid, FOLLOWER } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { expectTimes, restartWithoutJournal, watchedSolo } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
