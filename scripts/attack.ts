import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { rpc } from '../apps/validator/test/support/devnet-process.ts';
import { MemoryWatch } from '../apps/validator/test/support/memory-watch.ts';
import {
  bootnodesOf,
  type RunningMember,
  type RunningNetwork,
  startRunningNetwork,
} from '../apps/validator/test/support/running-network.ts';
import { aligned } from '../apps/validator/test/support/table.ts';
import { TransferClock } from '../apps/validator/test/support/transfer-clock.ts';
import { until } from '../apps/validator/test/support/until.ts';
import { HeldMemory } from './attack/held-memory.ts';
import { blameChecks, type Check, healthCheck, latencyCheck, thrownOutChecks } from './attack/judge.ts';
import { joinedDeeds } from './attack/tally.ts';
import type { AttackReport, Orders } from './attack/target.ts';

/*
 * npm run attack -- [--messages N] [--seed N] [--rate N]
 * Five validators, of which one is an attacker with its keys, and strangers beside it: N messages that are malformed, too
 * large, out of order or said before, over real streams of real processes. Nobody may end, memory must not grow, the
 * attackers must be thrown out, honest users must not wait twice as long, and nobody honest may be blamed. Exit code 1 if not.
 */
const VALIDATORS = 5;
const HONEST = VALIDATORS - 1;
const SHARDS = 2;
/** Transfers that are timed before the attack, after some that are not: code is compiled then. */
const WARM_UP = 20;
const UNDISTURBED = 60;
const PAUSE_MS = 100;
const SAMPLE_MS = 500;
const TABLE_PARTS = 10;
/** What was abandoned is given up, and sockets are closed. */
const SETTLE_MS = 5_000;
const AGREED_MS = 60_000;
const NODE = join(import.meta.dirname, '..', 'node_modules', '.bin', 'node');
const CHILD = join(import.meta.dirname, 'attack', 'child.ts');

const { flags } = await readCommandLine({
  runs: 'npm run attack --',
  about:
    'Hostile messages over real streams to validators of processes of their own, from outside the set and from inside',
  words: '',
  flags: {
    messages: { typed: '--messages <N>', help: 'how many', kind: wholeNumber(100, 2 ** 32), usual: 100_000 },
    rate: { typed: '--rate <N>', help: 'messages a second', kind: wholeNumber(1, 100_000), usual: 1_000 },
    seed: { typed: '--seed <N>', help: 'of the random numbers', kind: wholeNumber(0, 2 ** 32), usual: 1 },
  },
});

const network = await startRunningNetwork(VALIDATORS, HONEST, [], ['--inspect=127.0.0.1:0']);
const checks: Check[] = [];
try {
  checks.push(...(await run(network)));
} finally {
  const codes = await network.stop();
  checks.push({
    what: 'all stop in order',
    isGood: codes.every((code) => code === 0),
    isFigure: false,
    found: codes.join(', '),
  });
}
const failed = checks.filter(({ isGood }) => !isGood).length;
const lines = checks.map(
  ({ what, isGood, isFigure, found }) =>
    `${isGood ? 'pass' : 'FAIL'} ${isFigure ? 'figure' : 'rule'}  ${what}: ${found}`,
);
process.stdout.write(`${lines.join('\n')}\n${checks.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function run({ members, directoryOf }: RunningNetwork): Promise<readonly Check[]> {
  const stolen = directoryOf(HONEST);
  const orders = { ...flags, stolen, targets: bootnodesOf(stolen), genesisHash: genesisOf(members) };
  const clock = new TransferClock(SHARDS);
  await timeTransfers(clock, members, (count) => count < WARM_UP);
  const before = await timeTransfers(clock, members, (count) => count < UNDISTURBED);
  const held = new HeldMemory(members);
  const memory = new MemoryWatch(
    members.map(({ pid }) => pid),
    SAMPLE_MS,
  );
  let isOver = false;
  const [report, during] = await Promise.all([
    attackTwice(orders, held).finally(() => {
      isOver = true;
    }),
    timeTransfers(clock, members, () => !isOver),
  ]);
  memory.stop();
  const deeds = report.deeds.map(({ who, what, ...counts }) => [`${who}: ${what}`, ...Object.values(counts)]);
  const names = members.map(({ index }) => `validator ${index}`);
  process.stdout.write(`${aligned([['attackers', 'messages', 'connections', 'ended'], ...deeds])}\n`);
  process.stdout.write(`${memory.table(TABLE_PARTS, names)}\n`);
  return [
    latencyCheck(before, during),
    ...held.checks(),
    ...thrownOutChecks(report),
    ...blameChecks(members, stolen),
    ...(await Promise.all(members.map(healthCheck))),
    await oneChainCheck(members),
  ];
}

function genesisOf([first]: readonly RunningMember[]): RunningMember['genesisHash'] {
  if (first === undefined) throw new Error('nobody runs');
  return first.genesisHash;
}

/** Transfers one after the other, of both ways, told to all in turn. */
async function timeTransfers(
  clock: TransferClock,
  members: readonly RunningMember[],
  goesOn: (count: number) => boolean,
): Promise<readonly number[]> {
  const samples: number[] = [];
  while (goesOn(samples.length)) {
    const { length: count } = samples;
    const url = members[count % members.length]?.url ?? '';
    samples.push(await clock.measure(url, count % 2 === 0 ? 'local' : 'across'));
    await sleep(PAUSE_MS);
  }
  return samples;
}

/** In two halves, after each of which it is looked what the validators hold. */
async function attackTwice(orders: Orders, held: HeldMemory): Promise<AttackReport> {
  const reports: AttackReport[] = [];
  for (const half of [0, 1]) {
    const messages = Math.ceil(orders.messages / 2);
    reports.push(await attack({ ...orders, messages, seed: orders.seed + half }));
    await sleep(SETTLE_MS);
    await held.look();
  }
  return {
    deeds: joinedDeeds(reports.flatMap(({ deeds }) => deeds)),
    isClosed: {
      crowd: reports.every(({ isClosed }) => isClosed.crowd),
      halfOpen: reports.every(({ isClosed }) => isClosed.halfOpen),
    },
  };
}

/** The attackers have a process of their own, so that their work is not in the way of what is measured. */
function attack(orders: Orders): Promise<AttackReport> {
  const child = spawn(NODE, [CHILD, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`the attackers ended with ${code}`));
    });
  });
}

async function oneChainCheck(members: readonly RunningMember[]): Promise<Check> {
  const heads = async (): Promise<number> => {
    const all = await Promise.all(members.map(({ url }) => rpc(url, 'eth_getBlockByNumber', ['latest', false])));
    const hashes = all.map((head) => (typeof head === 'object' && head !== null && 'hash' in head ? head.hash : null));
    return new Set(hashes).size;
  };
  const isGood = await until(async () => (await heads()) === 1, AGREED_MS).then(
    () => true,
    () => false,
  );
  return { what: 'all have one chain', isGood, isFigure: false, found: isGood ? 'one head' : 'several heads' };
}
