import { createSeededRandom, type Random } from '@heddle/runtime';
import type { RecoveredTransaction } from '@heddle/types';
import type { TestNetwork } from '../support/network.ts';
import {
  EVERYONE,
  type Facts,
  missingChunks,
  onOneAndTwoShards,
  type Scenario,
  type Setting,
  scenario,
  scenarioOn,
  transfers,
  VALIDATORS,
} from './scenario.ts';

const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };

/** Each in turn is down while transactions come: as a leader, as a producer, as a voter. */
async function eachDownInTurn(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  for (const down of EVERYONE) {
    await network.stop(down);
    const up = EVERYONE.filter((index) => index !== down);
    await transfers(network, up, 2);
    await network.start(down);
    await network.idle();
  }
  return { hadMissingChunks: missingChunks(network) > 0 };
}

async function withoutQuorum(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await network.stop(0);
  await network.stop(1);
  const hash = network.transfer(2, network.account(0), network.account(0, 1).address, 7n);
  await network.time.advanceAsync(60_000);
  const { height } = network;
  await network.start(0);
  await network.executed(hash);
  await network.start(1);
  await network.idle();
  return { blocksWithoutQuorum: Number(height) };
}

async function evenPartition(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const last = network.genesis.shardCount - 1;
  network.hub.partition([
    [network.peer(0), network.peer(1)],
    [network.peer(2), network.peer(3)],
  ]);
  const left = network.transfer(0, network.account(0), network.account(last, 1).address, 7n);
  const right = network.transfer(2, network.account(last, 2), network.account(0, 1).address, 7n);
  await network.time.advanceAsync(30_000);
  const { height } = network;
  network.hub.heal();
  await network.executed(left);
  await network.executed(right);
  await network.idle();
  return { blocksWithoutQuorum: Number(height) };
}

/** One misses blocks and hears of them when it is back, by the others' greetings alone; then the same with a transaction. */
async function oneCutOff(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const makeBlocksWithout0 = async (): Promise<bigint> => {
    const target = network.height + 3n;
    network.hub.partition([[network.peer(0)]]);
    for (const index of [1, 2, 3]) network.node(index).wantHeight(target);
    await network.until('blocks of the majority', () => network.height >= target);
    await network.pass(5_000);
    const { height } = network.node(0).chain.tree.root;
    network.hub.heal();
    return height;
  };
  const heightAlone = await makeBlocksWithout0();
  await network.idle();
  const hash = network.transfer(0, network.account(0), network.account(0, 1).address, 7n);
  await makeBlocksWithout0();
  await network.executed(hash);
  await network.idle();
  return { heightAlone: Number(heightAlone) };
}

/** One wall clock is wrong; its validator keeps up, and so do the others. */
async function wrongClock(network: TestNetwork, skewMs: number): Promise<Facts> {
  network.skewMs.set(1, skewMs);
  await network.startAll();
  let mostAheadMs = 0;
  network.node(0).onFinalBlock(({ block }) => {
    const aheadMs = Number(block.header.timestamp) * 1_000 - network.time.clock.wallMs();
    mostAheadMs = Math.max(mostAheadMs, aheadMs);
  });
  await transfers(network, EVERYONE, 5);
  await network.pass(2 * Math.min(Math.abs(skewMs), 8_000));
  await network.idle();
  return { timely: mostAheadMs <= 500 };
}

const TIMES_MS = [1, 5, 30, 200, 1_000];
const LATENCIES_MS = [0, 0, 5, 50];
const EXECUTION_MS = [0, 0, 4, 60];
const STEPS = 30;

/** A random story: transactions, stops, kills, partitions, latency, slow disks, slow execution. */
class Chaos {
  readonly #network: TestNetwork;
  readonly #random: Random;
  readonly #sent: RecoveredTransaction[] = [];

  constructor(network: TestNetwork, seed: number) {
    this.#network = network;
    this.#random = createSeededRandom(seed);
  }

  async play(): Promise<Facts> {
    const network = this.#network;
    network.diskMs = this.#pick([0, 1, 3]);
    for (const index of EVERYONE) network.executionMs.set(index, this.#pick(EXECUTION_MS));
    await network.startAll();
    for (let step = 0; step < STEPS; step++) {
      await this.#act();
      await network.pass(this.#pick(TIMES_MS));
    }
    network.hub.heal();
    network.hub.setLatencyMs(0);
    for (const index of EVERYONE) if (!network.running.has(index)) await network.start(index);
    for (let round = 0; round < 3; round++) {
      await network.pass(20_000);
      this.#sendAgain();
    }
    for (const { hash } of this.#sent) await network.executed(hash);
    await network.idle();
    return { someExecuted: this.#sent.length > 0 };
  }

  async #act(): Promise<void> {
    const network = this.#network;
    const up = [...network.running.keys()];
    const down = EVERYONE.filter((index) => !network.running.has(index));
    const action = this.#pick(['send', 'send', 'send', 'stop', 'kill', 'start', 'start', 'cut', 'heal', 'latency']);
    if (action === 'send' && up.length > 0) this.#send(this.#pick(up));
    if (action === 'stop' && up.length > 0) await network.stop(this.#pick(up));
    if (action === 'kill' && up.length > 0) await network.kill(this.#pick(up));
    if (action === 'start' && down.length > 0) await network.start(this.#pick(down));
    if (action === 'cut')
      network.hub.partition([EVERYONE.filter(() => this.#random.next() < 0.5).map((index) => network.peer(index))]);
    if (action === 'heal') network.hub.heal();
    if (action === 'latency') network.hub.setLatencyMs(this.#pick(LATENCIES_MS));
  }

  #send(via: number): void {
    const network = this.#network;
    const shards = [...Array(network.genesis.shardCount).keys()];
    const from = network.account(this.#pick(shards), this.#pick([0, 1, 2]));
    const to = network.account(this.#pick(shards), 3).address;
    const transaction = network.sign({ from, to, value: 1n, data: new Uint8Array(), gasLimit: 21_000n });
    // A validator that lags behind may refuse what others would take.
    if (!network.node(via).submit(transaction).ok) return;
    network.took(transaction);
    this.#sent.push(transaction);
  }

  /** What went down with its pool. */
  #sendAgain(): void {
    for (const node of this.#network.running.values()) {
      for (const transaction of this.#sent) {
        if (node.chain.store.transactionLocation(transaction.hash) === null) node.submit(transaction);
      }
    }
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random.next() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

/** The random story of one seed. */
export function chaos(seed: number): Scenario {
  return scenario(`chaos ${seed}`, chaosSetting(seed), (network) => new Chaos(network, seed).play());
}

/** The same with an epoch every few blocks. */
export function chaosOverEpochs(seed: number): Scenario {
  const options = { validatorCount: VALIDATORS, spareCount: 0, epochLength: BigInt(4 + (seed % 3)) };
  const play = (network: TestNetwork): Promise<Facts> => new Chaos(network, seed).play();
  return scenarioOn(`chaos over epochs ${seed}`, { ...options, ...chaosSetting(seed) }, play);
}

function chaosSetting(seed: number): Setting {
  return { shardCount: 1 + (seed % 3), blockTimeMs: (seed % 2) * 100 };
}

export const FAULTS: readonly Scenario[] = [
  ...onOneAndTwoShards('each is down in turn', eachDownInTurn),
  ...onOneAndTwoShards('no quorum', withoutQuorum),
  ...onOneAndTwoShards('an even partition', evenPartition),
  ...onOneAndTwoShards('one is cut off', oneCutOff),
  ...[-3_600_000, -5_000, 5_000, 3_600_000].map((skewMs) =>
    scenario(`a clock that is off by ${skewMs / 1_000} s`, TWO_SHARDS, (network) => wrongClock(network, skewMs)),
  ),
  ...[1, 2, 3, 4].map(chaos),
];
