import { SeededRandom } from '@heddle/consensus/testing';
import { realEngine } from '../engine/engine-under-test.ts';
import { steadyNetwork } from '../engine/network.ts';
import type { DirectedScenario } from '../engine/scenario.ts';
import { expectSaid, type Solo } from '../engine/solo.ts';
import { createStage, delayOf, STAGE_CAP_MS, STAGE_DELTA_MS } from '../engine/stage.ts';
import { expectThat } from '../engine/violation.ts';
import { type EngineMember, EngineWorld } from '../engine/world.ts';
import { soloOf } from './bench.ts';

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

/** Work is there, then none: the last block becomes final by itself and no timer runs any more [I1] [I2]. */
export const idleNetwork: DirectedScenario = {
  name: 'idle-network',
  run: (seed) => {
    const world = createStage(seed, {
      validatorCount: 4 + (seed % 3),
      signer: 'none',
      puppets: [],
      engine: realEngine,
    });
    world.start();
    world.expectProgress(5, 10_000);
    world.expectRest(10_000);
    world.expectRest(10_000);
  },
};

/** An idle validator hears that another waits for something: its clock runs too, or nobody would ever give the view up [I2]. */
export const awakenedNetwork: DirectedScenario = {
  name: 'awakened-network',
  run: (seed) => {
    const solo = soloOf(seed, 0);
    const { node, world, cast } = solo;
    node.setWork(false);
    cast.castVote(cast.nullify(1n, 2));
    world.runFor(4 * STAGE_DELTA_MS);
    expectSaid(solo, 'vote/nullify:1');
  },
};

const MAX_IDLE_MS = 5 * STAGE_DELTA_MS;
const HEARTBEATS = 6;

/** Nobody has work. After maxIdle the leader makes a block, and nobody gives up on it before [I3]. */
export const heartbeat: DirectedScenario = {
  name: 'heartbeat',
  run: (seed) => {
    const members = Array.from({ length: 4 }, (_, index): EngineMember => {
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
