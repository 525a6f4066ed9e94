/**
 * A new node beside validators in processes of their own, over libp2p, while load goes on: how fast it fetches and executes the
 * chain until it has the head.
 *
 * Usage: npm run bench -- sync [--validators N] [--blocks N] [--batch N]. Prints one JSON line. Linux only.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { startNodeProcess, type ValidatorProcess } from '../apps/validator/test/support/heddle-process.ts';
import { cpuMs, folderBytes, residentBytes } from '../apps/validator/test/support/process-usage.ts';
import { bootnodesOf, startRunningNetwork } from '../apps/validator/test/support/running-network.ts';
import { seededNumbers } from '../apps/validator/test/support/seeded-numbers.ts';
import { fundedPlace, Transfers } from '../apps/validator/test/support/transfers.ts';
import { readHeight } from '../apps/validator/test/support/validators.ts';

const MIB = 1_024 * 1_024;
/** Between two batches: one block each, where the machine keeps up. */
const PAUSE_MS = 20;
/** A node that is no further behind has the head. */
const NEAR_BLOCKS = 3;
const POLL_MS = 100;

const { flags } = await readCommandLine({
  runs: 'npm run bench -- sync',
  about: 'How fast a new node has the chain of validators in processes of their own, under load',
  words: '',
  flags: {
    validators: { typed: '--validators <N>', help: 'processes', kind: wholeNumber(1, 100), usual: 4 },
    blocks: {
      typed: '--blocks <N>',
      help: 'that there are when it starts',
      kind: wholeNumber(1, 2 ** 20),
      usual: 3_000,
    },
    batch: { typed: '--batch <N>', help: 'transfers at once', kind: wholeNumber(1, 1_000), usual: 4 },
  },
});

const network = await startRunningNetwork(flags.validators);
let newcomer: ValidatorProcess | null = null;
let isLoading = true;
try {
  const [first] = network.members;
  if (first === undefined) throw new Error('nobody runs');
  const loading = load(first.url);
  while ((await readHeight(first.url)) < flags.blocks) await sleep(POLL_MS);
  const folder = join(network.directoryOf(0), '..', 'newcomer');
  const bootnodes = [...bootnodesOf(network.directoryOf(0)), ...bootnodesOf(network.directoryOf(1))];
  const startHeight = await readHeight(first.url);
  const startMs = performance.now();
  const place = ['--genesis', join(network.directoryOf(0), 'genesis.json'), '--p2p-listen', '/ip4/127.0.0.1/tcp/0'];
  const words = [...place, '--bootnodes', [...new Set(bootnodes)].join(',')];
  newcomer = await startNodeProcess('node', folder, words);
  const readyMs = performance.now();
  const atStart = cpuMs(newcomer.pid);
  while ((await readHeight(newcomer.url)) < startHeight) await sleep(POLL_MS);
  const seconds = (performance.now() - readyMs) / 1_000;
  const cpu = cpuMs(newcomer.pid) - atStart;
  while ((await readHeight(newcomer.url)) + NEAR_BLOCKS < (await readHeight(first.url))) await sleep(POLL_MS);
  const headMs = performance.now() - readyMs;
  isLoading = false;
  const sent = await loading;
  const result = {
    validators: flags.validators,
    blocks: startHeight,
    transactions: sent,
    startSeconds: tenths((readyMs - startMs) / 1_000),
    seconds: tenths(seconds),
    blocksPerSecond: Math.round(startHeight / seconds),
    cpuMsPerBlock: tenths(cpu / startHeight),
    secondsToHead: tenths(headMs / 1_000),
    blocksMeanwhile: (await readHeight(first.url)) - startHeight,
    rssMib: Math.round(residentBytes(newcomer.pid) / MIB),
    diskMib: Math.round(folderBytes(folder) / MIB),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  isLoading = false;
  await newcomer?.stop();
  await network.stop();
}

/** Transfers, one batch after the other, as long as they are wanted; how many. */
async function load(url: string): Promise<number> {
  const transfers = await Transfers.create(fundedPlace(url), seededNumbers(1));
  let sent = 0;
  while (isLoading) {
    sent += (await transfers.send(flags.batch)).length;
    await sleep(PAUSE_MS);
  }
  return sent;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
