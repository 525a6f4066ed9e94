import { expectSaid, isInView, restartSolo, type Solo } from '../engine/solo.ts';
import { expectThat } from '../engine/violation.ts';
import { soloOf } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
