import { SeededRandom } from '@heddle/consensus/testing';
import { realEngine } from '../engine/engine-under-test.ts';
import { steadyNetwork } from '../engine/network.ts';
import { delayOf, STAGE_CAP_MS, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { EngineWorld, type Member } from '../engine/world.ts';
import type { DirectedScenario } from './directed-scenario.ts';

const MAX_IDLE_MS = 5 * STAGE_DELTA_MS;
const HEARTBEATS = 6;

/** Nobody has work. After maxIdle the leader makes a block, and nobody gives up on it before [I3]. */
export const heartbeat: DirectedScenario = {
  name: 'heartbeat',
  run: (seed) => {
    const members = Array.from({ length: 4 }, (_, index): Member => {
      return { index, name: `${index}`, signer: 'none', faulty: false, actor: null };
    });
    const world = new EngineWorld({
      validatorCount: members.length,
      members,
      leaders: members.map(({ index }) => index),
      deltaMs: STAGE_DELTA_MS,
      capMs: STAGE_CAP_MS,
      maxIdleMs: MAX_IDLE_MS,
      random: new SeededRandom(seed),
      network: steadyNetwork(delayOf(seed)),
      crashes: () => null,
      answerDelayMs: () => 0,
      forks: 'violation',
      engine: realEngine,
    });
    for (const node of world.nodes) node.start();
    world.runFor(HEARTBEATS * MAX_IDLE_MS + MAX_IDLE_MS);
    const skipped = [...world.checks.certificates].some(({ kind }) => kind === 'nullify');
    expectThat(!skipped, `no view is given up\n${world.describe()}`);
    const { height } = world.checks;
    expectThat(height >= HEARTBEATS - 1 && height <= 2 * HEARTBEATS + 2, `${height} heartbeats`);
  },
};
