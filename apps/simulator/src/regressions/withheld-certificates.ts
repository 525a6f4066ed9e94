import { nameOfMessage } from '@heddle/consensus/testing';
import { losing, steadyNetwork } from '../engine/network.ts';
import type { EngineScenario } from '../engine/scenario.ts';
import { createStage, delayOf, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';

/**
 * Three of four go on while no vote and no certificate reaches the fourth. When it hears the others again, nothing that
 * they say by themselves need be of its view: it must get what it lacks by asking, or by being seen to lag [R2] [R3].
 */
export const withheldCertificates: EngineScenario = {
  name: 'withheld-certificates',
  budget: 10,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
    const open = steadyNetwork(delayOf(seed));
    const laggard = world.node(seed % 4);
    world.network = losing(open, ({ to }) => to === laggard);
    world.start();
    world.runFor(10 * STAGE_DELTA_MS);
    for (const node of world.nodes) node.setWork(false);
    world.runFor(20 * STAGE_DELTA_MS);
    expectThat(laggard.state.currentView === 1n, 'the laggard has heard nothing');
    // From now on it hears answers to what it says, but no one else's broadcast of certificates.
    const heard = new Set<string>();
    world.network = ({ to, from, message }) => {
      if (to === laggard) heard.add(`${from.name} ${nameOfMessage(message)}`);
      return open({ to, from, message, atMs: world.events.nowMs });
    };
    laggard.setWork(true);
    const caughtUp = (): boolean => world.nodes.every(({ state }) => state.finalizedView >= 3n);
    const inTime = world.run(world.events.nowMs + 60 * STAGE_DELTA_MS, caughtUp);
    expectThat(inTime, `the laggard is not helped (it heard ${[...heard].join(', ')})\n${world.describe()}`);
    for (const node of world.nodes) node.setWork(true);
    world.expectProgress(3, 20_000);
    return world.report('withheld-certificates', seed);
  },
};
