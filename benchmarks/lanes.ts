/**
 * What lanes are worth: one block executed sequentially and in lanes, from the decoded body to receipts and a verified
 * state root, finding out the senders included, state in memory, on every side. "Producer" always plans lanes; "by
 * choice" does when it expects to gain. Every run gets freshly decoded transactions; paths take turns, medians over rounds.
 *
 * Usage: npm run bench -- lanes [--only NAME] [--transactions N] [--rounds N] [--json]
 */
import { given, oneOf, readCommandLine, several, wholeNumber } from '@heddle/command-line';
import { executeChunk } from '../packages/execution/src/index.ts';
import { secp256k1BackendName } from '../packages/primitives/src/index.ts';
import { createLayer } from '../packages/state/src/index.ts';
import { benchChunk } from './lanes-parts/chunk.ts';
import { laneSpeedups } from './lanes-parts/critical-path.ts';
import { encodedBody, measure, openBench, type Path, type Sample } from './lanes-parts/measure.ts';
import { HOLDERS, WORKLOADS, type WorkloadMaker } from './lanes-parts/workloads.ts';

const WORKER_COUNTS = [1, 2] as const;
const LANE_COUNTS = [4, 16, 64] as const;
/** What the lanes are built for: path → least ratio to the sequential one. */
const AIMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  erc20: { 'validator, 2 worker(s)': 1.6 },
  'swaps-1': { 'validator, 2 worker(s)': 0.9, 'producer by choice, 2 worker(s)': 0.9 },
};

interface PathResult {
  readonly path: string;
  /** Milliseconds, medians. */
  readonly total: number;
  readonly cpu: number;
  readonly heldLoop: number;
  readonly parts: Readonly<Record<string, number>>;
  /** Sequential time over this one. */
  readonly ratio: number;
  readonly aim: number | null;
  readonly conflicts: number;
  readonly handedBack: number;
}

interface Result {
  readonly workload: string;
  readonly title: string;
  readonly gasUsed: string;
  readonly signatures: string;
  readonly paths: readonly PathResult[];
  readonly criticalPath: Readonly<Record<number, number>>;
}

async function run(name: string, make: WorkloadMaker, count: number, rounds: number): Promise<Result> {
  const workload = make(count);
  const chunk = benchChunk(workload.changes);
  const { context, rules } = chunk.task;
  const outcome = executeChunk(context, chunk.state, rules, workload.transactions);
  if (outcome.executed.some(({ receipt }) => receipt.status !== 1)) throw new Error(`a transaction of ${name} failed`);
  const { root } = createLayer(chunk.state, outcome.changes);
  const body = encodedBody(workload.transactions, outcome.accessList);
  const bench = openBench(chunk, WORKER_COUNTS);
  const samples = new Map<Path, Sample[]>(bench.paths.map((path) => [path, []]));
  try {
    // One round more: threads start, code is compiled, the predictor learns.
    for (let round = -1; round < rounds; round++) {
      for (const path of bench.paths) {
        const sample = await measure(path, body(), root);
        if (round >= 0) samples.get(path)?.push(sample);
      }
    }
  } finally {
    await bench.close();
  }
  const speedups = laneSpeedups(chunk, workload.transactions, LANE_COUNTS);
  return {
    workload: name,
    title: workload.title,
    gasUsed: outcome.gasUsed.toString(),
    signatures: secp256k1BackendName,
    paths: resultsOf(name, samples),
    criticalPath: mapValues(speedups, round2),
  };
}

function resultsOf(name: string, samples: ReadonlyMap<Path, readonly Sample[]>): readonly PathResult[] {
  const totals = new Map([...samples].map(([path, all]) => [path.name, median(all.map(({ total }) => total))]));
  return [...samples].map(([path, all]) => {
    const total = totals.get(path.name) ?? Number.NaN;
    const last = all.at(-1);
    const partNames = Object.keys(last?.parts ?? {});
    return {
      path: path.name,
      total: round2(total),
      cpu: round2(median(all.map(({ cpu }) => cpu))),
      heldLoop: round2(median(all.map(({ heldLoop }) => heldLoop))),
      parts: Object.fromEntries(
        partNames.map((part) => [part, round2(median(all.map(({ parts }) => parts[part] ?? 0)))]),
      ),
      ratio: round2((totals.get(path.baseline) ?? Number.NaN) / total),
      aim: AIMS[name]?.[path.name] ?? null,
      conflicts: last?.report?.conflicts ?? 0,
      handedBack: last?.report?.handedBack ?? 0,
    };
  });
}

function print({ workload, title, gasUsed, signatures, paths, criticalPath }: Result): void {
  console.log(`${workload}: ${title}; ${gasUsed} gas; ${HOLDERS} accounts in memory; signatures by ${signatures}`);
  for (const { path, total, cpu, heldLoop, parts, ratio, aim, conflicts, handedBack } of paths) {
    const split = Object.entries(parts).map(([part, ms]) => `${part} ${ms}`);
    const aimed = aim === null ? '' : ` (aim ${aim}: ${ratio >= aim ? 'reached' : 'missed'})`;
    const again = conflicts + handedBack === 0 ? '' : `, ${conflicts} conflicts, ${handedBack} handed back`;
    console.log(
      `  ${path.padEnd(32)} ${total} ms, ×${ratio}${aimed}: ${split.join(', ')}; CPU ${cpu}, loop held ${heldLoop}${again}`,
    );
  }
  const lanes = Object.entries(criticalPath).map(([count, speedup]) => `${count} lanes ×${speedup}`);
  console.log(`  critical path, by gas: ${lanes.join(', ')}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function mapValues(values: Readonly<Record<number, number>>, map: (value: number) => number): Record<number, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [Number(key), map(value)]));
}

const names = Object.keys(WORKLOADS);
const { flags } = await readCommandLine({
  runs: 'npm run bench -- lanes',
  about: 'A block in lanes beside sequential execution, as validator and as producer',
  words: '',
  flags: {
    only: { typed: '--only <NAME>', help: names.join(', '), kind: several(oneOf(names)), usual: names, shown: 'all' },
    transactions: { typed: '--transactions <N>', help: 'in a block', kind: wholeNumber(1, 2 ** 20), usual: 20_000 },
    rounds: { typed: '--rounds <N>', help: 'measured', kind: wholeNumber(1, 2 ** 20), usual: 7 },
    json: { typed: '--json', help: 'print lines of JSON', kind: given, usual: false },
  },
});
for (const name of flags.only) {
  const make = WORKLOADS[name];
  if (make === undefined) continue;
  const result = await run(name, make, flags.transactions, flags.rounds);
  if (flags.json) console.log(JSON.stringify(result));
  else print(result);
}
