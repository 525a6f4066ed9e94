import { viewOf } from '@heddle/consensus';
import { nameOfMessage, viewOfMessage } from '@heddle/consensus/testing';
import { type Delivery, losing, steadyNetwork } from '../../engine/network.ts';
import type { EngineNode } from '../../engine/node.ts';
import type { EngineScenario } from '../../engine/scenario.ts';
import { createStage, delayOf, STAGE_DELTA_MS } from '../../engine/stage.ts';
import { expectThat } from '../../engine/violation.ts';
import { runTwinsCase } from '../../twins/run-case.ts';

/**
 * Half of the validators hold the notarization of view 1, half its nullification, and neither half is ever shown the
 * other's certificate. Both have to go on, into one chain.
 */
export const splitCertificates: EngineScenario = {
  name: 'split-certificates',
  budget: 20,
  run: (seed, engine) => {
    const validatorCount = 4 + (seed % 4);
    const world = createStage(seed, { validatorCount, signer: 'none', puppets: [], engine });
    const notarizers = Math.floor(validatorCount / 2);
    const delays = [delayOf(seed)];
    // Notarize votes come when all have timed out (3T), to one half; nullify votes come later still, to the other.
    const late = [3 * STAGE_DELTA_MS];
    world.network = (delivery) => {
      const side = sideOf(delivery);
      if (side === 'both') return delays;
      const goesToNotarizers = side === 'notarize';
      return goesToNotarizers === isNotarizer(delivery.to, notarizers) ? late : [];
    };
    world.start();
    world.runFor(7 * STAGE_DELTA_MS);
    for (const node of world.nodes) {
      const [held] = certificatesOfFirstView(node); // a proposal may bring the other one later
      const expected = isNotarizer(node, notarizers) ? 'notarize' : 'nullify';
      expectThat(held === expected, `${node.name} got ${held} for view 1 first, not ${expected}\n${world.describe()}`);
    }
    world.expectProgress(4, 20_000);
    return world.report('split-certificates', seed);
  },
};

function certificatesOfFirstView(node: EngineNode): readonly string[] {
  return node.journal.flatMap((record) => {
    if (record.kind !== 'certificate' || viewOf(record.certificate) !== 1n) return [];
    return [record.certificate.kind];
  });
}

/** From validator 3 on, so that the leader of view 2 is in the other half: its proposal brings only what it holds. */
function isNotarizer({ index, config }: EngineNode, notarizers: number): boolean {
  return (index + config.validatorCount - 3) % config.validatorCount < notarizers;
}

/** Which half a message of view 1 is for. */
function sideOf({ message }: Delivery): 'notarize' | 'nullify' | 'both' {
  if (viewOfMessage(message) !== 1n) return 'both';
  const name = nameOfMessage(message);
  if (name === 'vote/notarize' || name === 'certificate/notarize') return 'notarize';
  return name === 'vote/nullify' || name === 'certificate/nullify' ? 'nullify' : 'both';
}

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

/**
 * n = 5 and 6 with one key that runs twice, each instance with half of the others: 2f + 1 = 3 validators on each side,
 * and a leader that proposes on both. Had 3 been a quorum, both sides would finalize.
 */
export const smallSetFork: EngineScenario = {
  name: 'small-set-fork',
  budget: 12,
  run: (seed, engine) => {
    const validatorCount = seed % 2 === 0 ? 5 : 6;
    const side = Array.from({ length: validatorCount + 1 }, (_, node) => (node === validatorCount ? 1 : node % 2));
    const first = Math.floor(seed / 2) % validatorCount;
    const schedule = Array.from({ length: validatorCount }, (_, turn) => (turn + first) % validatorCount);
    const partitions = Array.from({ length: 2 * validatorCount }, () => side);
    return runTwinsCase({ validatorCount, twins: 1, schedule, partitions }, engine).report('small-set-fork', seed);
  },
};

/** Every message takes longer than 3Δ. Only timeouts that grow with the views skipped [V2] ever let a block through. */
export const fixedTimeout: EngineScenario = {
  name: 'fixed-timeout',
  budget: 10,
  run: (seed, engine) => {
    const world = createStage(seed, { validatorCount: 4, signer: 'none', puppets: [], engine });
    world.network = steadyNetwork(3 * STAGE_DELTA_MS + 20 * (1 + (seed % 10)));
    world.start();
    world.expectProgress(4, 60_000);
    return world.report('fixed-timeout', seed);
  },
};
