import type { TestNetwork } from '../support/network.ts';
import { EVERYONE, type Facts, missingChunks, onOneAndTwoShards, type Scenario, transfers } from './scenario.ts';

const LAGGARD = 3;
const OTHERS = [0, 1, 2];

/** All take a while, each another one; well within the deadline for chunks. */
async function everyoneTakesTime(network: TestNetwork): Promise<Facts> {
  for (const index of EVERYONE) network.executionMs.set(index, 5 + 4 * index);
  await network.startAll();
  await transfers(network, EVERYONE, 6);
  await network.idle();
  return {
    missingChunks: missingChunks(network),
    everyBlockChecked: network.checkedBlocks === Number(network.height) * EVERYONE.length,
  };
}

/**
 * One takes longer than all the others need for several blocks: the parent falls below the final block while it
 * executes on it, again and again. When it is as fast as the others it is with them.
 */
async function oneIsTooSlow(network: TestNetwork): Promise<Facts> {
  network.executionMs.set(LAGGARD, 3_000);
  await network.startAll();
  let mostBehind = 0n;
  for (const index of OTHERS) {
    for (const via of OTHERS) network.transfer(via, network.account(0, index), network.account(0, LAGGARD).address, 1n);
    await network.until(
      'a block',
      () => network.running.size === EVERYONE.length && network.node(index).pool.size === 0,
    );
    const behind = network.height - network.node(LAGGARD).chain.tree.root.height;
    if (behind > mostBehind) mostBehind = behind;
  }
  network.executionMs.clear();
  await transfers(network, EVERYONE, 2);
  await network.idle();
  return { fellBehind: mostBehind >= 2n, sameHead: network.node(LAGGARD).chain.tree.root.height === network.height };
}

/** One is stopped ever later while it executes: what comes back to it is dropped, and it starts again. */
async function stoppedWhileExecuting(network: TestNetwork): Promise<Facts> {
  network.executionMs.set(LAGGARD, 40);
  await network.startAll();
  const { shardCount } = network.genesis;
  let stops = 0;
  for (let afterMs = 1; afterMs < 60; afterMs += 9) {
    const from = network.account(stops % shardCount);
    const hash = network.transfer(0, from, network.account((stops + 1) % shardCount, 1).address, 7n);
    await network.time.advanceAsync(afterMs);
    await network.stop(LAGGARD);
    await network.executed(hash);
    await network.start(LAGGARD);
    await network.idle();
    stops += 1;
  }
  return { stops };
}

export const SLOW_EXECUTION: readonly Scenario[] = [
  ...onOneAndTwoShards('everyone takes time to execute', everyoneTakesTime),
  ...onOneAndTwoShards('one is too slow at executing', oneIsTooSlow),
  ...onOneAndTwoShards('one is stopped while it executes', stoppedWhileExecuting),
];
