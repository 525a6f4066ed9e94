import { expectSaid, type Solo } from '../engine/solo.ts';
import { STAGE_DELTA_MS } from '../engine/stage.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

/**
 * A leader without work. After a skipped view it builds at once [P2]; on a tail that stays unfinalized at the next
 * retry [I4], before anybody's timeout.
 */
export const idleLeader: DirectedScenario = {
  name: 'idle-leader',
  run: (seed) => {
    const solo = soloOf(seed, 2);
    solo.node.setWork(false);
    if (seed % 2 === 0) afterSkip(solo);
    else onTail(solo);
    expectSaid(solo, 'proposal:2');
  },
};

function afterSkip(solo: Solo): void {
  solo.cast.show(solo.cast.nullification(1n));
  solo.settle();
}

function onTail(solo: Solo): void {
  solo.cast.show(solo.cast.notarization(solo.cast.proposal(1n, null).tuple));
  solo.settle();
  solo.world.runFor(1.7 * STAGE_DELTA_MS);
}
