import { hexToBytes } from '@heddle/primitives';
import type { Address, Hash } from '@heddle/types';
import type { TestNetwork } from '../support/network.ts';
import { EVERYONE, type Facts, onOneAndTwoShards, type Scenario, scenario, transfers } from './scenario.ts';

const NO_DATA = new Uint8Array();
/** Deploys a contract that adds one to its slot 0 whenever it is called: `SSTORE(0, SLOAD(0) + 1)`. */
const COUNTER = hexToBytes('0x675f546001015f55005f5260086018f3');

const TWO_SHARDS = { shardCount: 2, blockTimeMs: 0 };
const HOUR_MS = 3_600_000;

function balanceOf(network: TestNetwork, address: Address): bigint {
  return network
    .node(0)
    .chain.tree.root.shards.reduce((sum, { state }) => sum + (state.account(address)?.balance ?? 0n), 0n);
}

async function payments(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const last = network.genesis.shardCount - 1;
  const [payer, near, far] = [network.account(0), network.account(0, 1), network.account(last, 2)];
  const before = [near, far].map(({ address }) => balanceOf(network, address));
  await network.executed(network.transfer(0, payer, near.address, 5n));
  await network.executed(network.transfer(1, payer, far.address, 6n));
  await network.executed(network.transfer(2, far, near.address, 1n));
  await network.idle();
  const after = [near, far].map(({ address }) => balanceOf(network, address));
  const gain = (position: number): bigint => (after[position] ?? 0n) - (before[position] ?? 0n);
  return {
    nearGained: Number(gain(0)),
    // It paid for gas too.
    farLost: gain(1) < 0n,
    nonce: Number(network.node(3).chain.tree.root.shards[0]?.state.account(payer.address)?.nonce ?? 0n),
    everyBlockChecked: network.checkedBlocks === Number(network.height) * EVERYONE.length,
  };
}

function contractOf(network: TestNetwork, hash: Hash): Address {
  const { chain } = network.storage(0);
  const location = chain.transactionLocation(hash);
  const execution =
    location?.kind === 'executed' ? chain.executions(location.height)[location.part]?.[location.index] : undefined;
  if (typeof execution?.contractAddress !== 'string') throw new Error(`${hash} deployed nothing`);
  return execution.contractAddress;
}

async function deployAndCall(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const deployer = network.account(0);
  const caller = network.account(network.genesis.shardCount - 1, 1);
  const deployment = { from: deployer, to: null, value: 0n, data: COUNTER, gasLimit: 200_000n };
  const deployed = network.submit(0, deployment);
  await network.executed(deployed);
  const contract = contractOf(network, deployed);
  network.watch(contract);
  await network.idle();
  const call = { to: contract, value: 0n, data: NO_DATA, gasLimit: 100_000n };
  await network.executed(network.submit(1, { from: deployer, ...call }));
  const far = network.submit(2, { from: caller, ...call });
  await network.executed(far);
  await network.idle();
  const counts = EVERYONE.map((index) => network.node(index).chain.tree.root.shards[0]?.state.storage(contract, 0n));
  const location = network.storage(3).chain.transactionLocation(far);
  return {
    counts: counts.join(' '),
    inSection: location?.kind === 'executed' && location.part === 2,
  };
}

async function rest(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  await network.idle();
  await transfers(network, EVERYONE, 2);
  await network.idle();
  const { height } = network;
  const tasks = await network.time.advanceAsync(HOUR_MS);
  return { tasksInAnHour: tasks, newBlocks: Number(network.height - height), timers: network.time.pending() };
}

async function wanted(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  for (const node of network.running.values()) node.wantHeight(4n);
  await network.until('four blocks', () => network.height === 4n);
  await network.idle();
  await network.time.advanceAsync(HOUR_MS);
  return { height: Number(network.height) };
}

async function spacing(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const times: number[] = [];
  network.node(0).onFinalBlock(() => times.push(network.time.clock.monotonicMs()));
  for (const node of network.running.values()) node.wantHeight(4n);
  await network.idle();
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return { blocks: times.length, shortestGapMs: Math.min(...gaps), longestGapMs: Math.max(...gaps) };
}

/** Four transactions with one nonce, each given to another validator at the same time. */
async function conflict(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const [from, to] = [network.account(0), network.account(0, 1)];
  const terms = { from, to: to.address, data: NO_DATA, gasLimit: 21_000n };
  const rivals = EVERYONE.map((index) => network.sign({ ...terms, value: BigInt(index + 1) }));
  rivals.forEach((transaction, index) => {
    network.submitSigned(index, transaction);
  });
  await network.idle();
  const { chain } = network.storage(0);
  return { executed: rivals.filter(({ hash }) => chain.transactionLocation(hash)?.kind === 'executed').length };
}

/** A transaction that a validator took before it heard of another one that leaves too little for it. */
async function tooPoor(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  const from = network.account(0);
  const half = balanceOf(network, from.address) / 2n;
  const to = network.account(network.genesis.shardCount - 1, 2).address;
  network.transfer(0, from, to, half);
  const waiting = network.transfer(1, from, to, half);
  await network.time.advanceAsync(10_000);
  const { height } = network;
  await network.time.advanceAsync(60_000);
  const blocksMeanwhile = Number(network.height - height);
  await network.executed(network.transfer(2, network.account(0, 1), from.address, half));
  await network.executed(waiting);
  await network.idle();
  return { blocksMeanwhile };
}

async function slowNetwork(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  network.hub.setLatencyMs(40);
  await transfers(network, EVERYONE, 3);
  // Above the chunk deadline: chunks come late until the deadline has grown.
  network.hub.setLatencyMs(250);
  await transfers(network, EVERYONE, 2);
  await network.idle();
  return {};
}

async function lossyNetwork(network: TestNetwork): Promise<Facts> {
  await network.startAll();
  network.loseMessages(0.1);
  await transfers(network, EVERYONE, 4);
  network.loseMessages(0);
  await network.idle();
  return {};
}

/** Hashes of all final blocks of one busy run. */
async function busyRun(network: TestNetwork): Promise<string> {
  await network.startAll();
  network.hub.setLatencyMs(3);
  await transfers(network, EVERYONE, 3);
  await network.stop(1);
  await transfers(network, [0, 2, 3], 2);
  await network.idle();
  const heights = Array.from({ length: Number(network.height) }, (_, i) => BigInt(i + 1));
  return heights.map((height) => network.hashAt(height)).join(' ');
}

async function repeatable(): Promise<Facts> {
  const runs: string[] = [];
  for (let run = 0; run < 2; run++) {
    const again = scenario('a busy run', TWO_SHARDS, async (network) => ({ hashes: await busyRun(network) }));
    runs.push(String((await again.run()).hashes));
  }
  return { same: runs[0] === runs[1], blocks: runs[0]?.split(' ').length ?? 0 };
}

export const TRAFFIC: readonly Scenario[] = [
  ...onOneAndTwoShards('payments', payments),
  ...onOneAndTwoShards('a contract is deployed and called', deployAndCall),
  ...onOneAndTwoShards('rest', rest),
  scenario('blocks that somebody wants', TWO_SHARDS, wanted),
  scenario('blocks keep their distance', { shardCount: 1, blockTimeMs: 200 }, spacing),
  scenario('conflicting transactions', TWO_SHARDS, conflict),
  scenario('a transaction that can not be paid for yet', TWO_SHARDS, tooPoor),
  scenario('latency', TWO_SHARDS, slowNetwork),
  scenario('lost messages', TWO_SHARDS, lossyNetwork),
  { name: 'the same run twice', run: repeatable },
];
