import { realEngine } from '../engine/engine-under-test.ts';
import { createSolo, FOLLOWER } from '../engine/solo.ts';
import { expectTimes, restartWithoutJournal } from './bench.ts';
import type { DirectedScenario } from './directed-scenario.ts';

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
