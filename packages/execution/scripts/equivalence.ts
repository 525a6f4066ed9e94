/**
 * Throws random blocks at 1, 2, 3 and 8 lanes and at the sequential path, as producer and as validator, and compares all
 * that comes out; then the validator with access lists and bodies that are not right, which must not change its verdict.
 *
 *   npm run equivalence -- [--blocks N] [--seed N] [--transactions N] [--jobs N] [--inline] [--json]
 *
 * `--inline` does the lanes' work on one thread: faster, without packing and unpacking it for others.
 * Block number i has the seed N + i alone, so that a difference is reproduced by its seed. Exit code 1 when anything
 * differs or lanes refused a valid chunk, 2 on bad use.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { given, readCommandLine, type Script, wholeNumber } from '@heddle/command-line';
import type { Difference } from './equivalence/check-block.ts';
import { type LanePlace, openLanePaths } from './equivalence/lane-paths.ts';
import { addReport, type EquivalenceReport, emptyReport, runBlocks, type Seeds } from './equivalence/run-blocks.ts';

const LANE_COUNTS = [1, 2, 3, 8] as const;

interface Options {
  readonly blocks: number;
  readonly seed: number;
  readonly transactions: number;
  readonly jobs: number;
  readonly place: LanePlace;
  readonly json: boolean;
}

const SCRIPT: Script<Options> = {
  runs: 'npm run equivalence --',
  about: 'Throws random blocks at lanes and at the sequential path and compares all that comes out',
  words: '',
  flags: {
    blocks: { typed: '--blocks <N>', help: 'how many', kind: wholeNumber(1, 2 ** 32), usual: 1_000 },
    seed: { typed: '--seed <N>', help: 'of the first block', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    transactions: { typed: '--transactions <N>', help: 'in each block', kind: wholeNumber(4, 2 ** 20), usual: 30 },
    jobs: { typed: '--jobs <N>', help: 'processes', kind: wholeNumber(1, 2 ** 10), usual: availableParallelism() },
    place: {
      typed: '--inline',
      help: "do the lanes' work on one thread",
      kind: { read: () => 'inline' },
      usual: 'workers',
      shown: '',
    },
    json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
  },
};

/** Every job takes each `jobs`-th seed in a process of its own. */
async function runJobs({ blocks, seed, transactions, jobs, place }: Options): Promise<EquivalenceReport> {
  const sum = emptyReport();
  const count = Math.min(jobs, blocks);
  const parts = Array.from({ length: count }, (_, i) =>
    runJob({ seeds: { first: seed + i, end: seed + blocks, step: count }, transactions, place }),
  );
  for (const part of await Promise.all(parts)) addReport(sum, part);
  sum.differences.sort((a, b) => a.seed - b.seed);
  return sum;
}

/** What a job's process is told and tells. */
interface JobMessage {
  readonly seeds: Seeds;
  readonly transactions: number;
  readonly place: LanePlace;
}

function runJob(message: JobMessage): Promise<EquivalenceReport> {
  const child = fork(import.meta.filename, ['--job'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    let report: EquivalenceReport | null = null;
    child.on('message', (result: EquivalenceReport) => {
      report = result;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (report === null) reject(new Error(`the job of seeds from ${message.seeds.first} ended with code ${code}`));
      else resolve(report);
    });
    child.send(message);
  });
}

function serveJob(): void {
  process.once('message', (message: JobMessage) => {
    work(message).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

async function work({ seeds, transactions, place }: JobMessage): Promise<void> {
  const lanes = openLanePaths(LANE_COUNTS, place);
  try {
    const report = await runBlocks(seeds, transactions, lanes.paths);
    await new Promise<void>((resolve) => process.send?.(report, () => resolve()));
  } finally {
    await lanes.close();
  }
  process.disconnect();
}

function print(report: EquivalenceReport, options: Options, seconds: number): void {
  const { counts, mix, differences } = report;
  for (const difference of differences) printDifference(difference, options);
  for (const [kind, { succeeded, failed, dispatched, refused, remote }] of sorted(mix.kinds)) {
    console.log(
      `${kind.padEnd(24)} ${succeeded} succeeded, ${failed} failed, ${dispatched} dispatched, ${refused} refused (${remote} remote)`,
    );
  }
  for (const [feature, times] of sorted(mix.features)) console.log(`${feature.padEnd(28)} ${times}`);
  console.log(
    `${counts.parallel} runs in lanes, ${counts.sequential} in line: ${counts.conflicts} conflicts, ` +
      `${counts.reexecutions} executed again, ${counts.handedBack} handed back, ${counts.disagreements} disagreements`,
  );
  console.log(
    `${counts.mutatedLists} wrong access lists, ${counts.mutatedBodies} other bodies of which ${counts.invalidBodies} were not valid`,
  );
  console.log(`${(report.blocks / seconds).toFixed(1)} blocks a second`);
  console.log(`${report.blocks} blocks, ${report.blocksInWorkers} in workers, ${differences.length} differences`);
}

function printDifference({ seed, where, what }: Difference, { transactions, place }: Options): void {
  console.log(`DIFFERENCE seed ${seed}, ${where}:\n  ${what}`);
  console.log(
    `  npm run equivalence -- --blocks 1 --seed ${seed} --transactions ${transactions}${place === 'inline' ? ' --inline' : ''}`,
  );
}

function sorted<T>(counts: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function main(): Promise<number> {
  const { flags: options } = await readCommandLine(SCRIPT);
  const started = performance.now();
  const report = await runJobs(options);
  const seconds = (performance.now() - started) / 1_000;
  if (options.json) console.log(JSON.stringify({ ...report, seconds: Math.round(seconds) }));
  else print(report, options, seconds);
  return report.differences.length === 0 ? 0 : 1;
}

if (process.argv.includes('--job')) serveJob();
else process.exitCode = await main();
