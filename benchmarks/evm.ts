/**
 * The EVM on well-known workloads, beside `@ethereumjs/evm` and revm (in anvil) on the same machine in the same run: the
 * engines take turns, medians over the rounds. Mgas/s by the gas of the execution alone. Then a token transfer as a whole
 * transaction. Workloads come from ../shared/bench; they and anvil are left out where they are not there.
 *
 * Usage: npm run bench -- evm [--only NAME]… [--engine NAME]… [--rounds N] [--json]
 */
import { given, oneOf, readCommandLine, several, text, wholeNumber } from '@heddle/command-line';
import { AnvilEngine } from './evm-parts/anvil-engine.ts';
import type { Engine } from './evm-parts/engine.ts';
import { EthereumjsEngine } from './evm-parts/ethereumjs-engine.ts';
import { HeddleEngine } from './evm-parts/heddle-engine.ts';
import { measureTransfers } from './evm-parts/transfers.ts';
import { readWorkloads, type Workload } from './evm-parts/workloads.ts';

/** A sample repeats a short call until it has taken this long. */
const LEAST_SAMPLE_MS = 50;

interface Row {
  readonly workload: string;
  /** Millions. */
  readonly gas: number;
  /** Mgas/s by engine; null where the call is too short for the engine to be measured. */
  readonly speed: Readonly<Record<string, number | null>>;
}

const ENGINES = ['heddle', 'ethereumjs', 'anvil'] as const;
const { flags } = await readCommandLine({
  runs: 'npm run bench -- evm',
  about: 'The EVM on the workloads of ../shared/bench, beside others',
  words: '',
  flags: {
    only: {
      typed: '--only <TEXT>',
      help: 'workloads whose name has it in it',
      kind: several(text),
      usual: [''],
      shown: 'all',
    },
    engine: {
      typed: '--engine <NAME>',
      help: ENGINES.join(', '),
      kind: several(oneOf(ENGINES)),
      usual: ENGINES,
      shown: 'all',
    },
    rounds: { typed: '--rounds <N>', help: 'measured', kind: wholeNumber(1, 2 ** 20), usual: 3 },
    json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
  },
});
const { rounds } = flags;
const all = readWorkloads();
if (all === null) console.error('skipped: there are no workloads at ../shared/bench');
else await main(all.filter(({ name }) => flags.only.some((text) => name.includes(text))));

async function main(workloads: readonly Workload[]): Promise<void> {
  if (workloads.length === 0) throw new Error(`no workload is called like ${flags.only.join(' or ')}`);
  const heddle = new HeddleEngine();
  const engines = await startEngines(heddle);
  try {
    const rows: Row[] = [];
    for (const workload of workloads) rows.push(await measure(heddle, engines, workload));
    const token = workloads.find(({ name }) => name === 'Tok.transfer');
    const samples =
      token === undefined ? [] : Array.from({ length: rounds + 2 }, () => measureTransfers(token)).slice(2);
    const transferUs = samples.length === 0 ? null : median(samples);
    if (flags.json) console.log(JSON.stringify({ rows, transferUs }));
    else print(rows, engines, transferUs);
  } finally {
    for (const engine of engines) await engine.stop();
  }
}

async function startEngines(heddle: HeddleEngine): Promise<readonly Engine[]> {
  const engines: Engine[] = [heddle];
  if (flags.engine.includes('ethereumjs')) engines.push(new EthereumjsEngine());
  if (flags.engine.includes('anvil')) {
    const anvil = await AnvilEngine.start();
    if (anvil === null) console.error('skipped: @foundry-rs/anvil has no binary for this machine');
    else engines.push(anvil);
  }
  return engines;
}

async function measure(heddle: HeddleEngine, engines: readonly Engine[], workload: Workload): Promise<Row> {
  const { gas, output, isSuccess } = heddle.execute(workload);
  if (!isSuccess) throw new Error(`${workload.name} failed`);
  const samples = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const engine of engines.filter((each) => each.measures(gas))) {
      const list = samples.get(engine.name) ?? [];
      samples.set(engine.name, list);
      list.push(await sample(engine, workload, output));
    }
  }
  const speeds = engines.map(({ name }) => {
    const list = samples.get(name);
    return [name, list === undefined ? null : gas / 1_000 / median(list)] as const;
  });
  return { workload: workload.name, gas: gas / 1e6, speed: Object.fromEntries(speeds) };
}

/** Milliseconds of one call; every answer has to be the same. */
async function sample(engine: Engine, workload: Workload, expected: string): Promise<number> {
  let spent = 0;
  let calls = 0;
  do {
    const { output, ms } = await engine.call(workload);
    if (output !== expected) throw new Error(`${engine.name} answers ${output} to ${workload.name}, not ${expected}`);
    spent += ms;
    calls += 1;
  } while (spent < LEAST_SAMPLE_MS);
  return spent / calls;
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function print(rows: readonly Row[], engines: readonly Engine[], transferUs: number | null): void {
  const others = engines.slice(1).map(({ name }) => name);
  const header = ['Mgas/s', 'Mgas', 'heddle', ...others.flatMap((name) => [name, `heddle/${name}`])];
  const lines = rows.map(({ workload, gas, speed }) => {
    const own = speed.heddle ?? 0;
    const columns = others.flatMap((name) => {
      const other = speed[name] ?? null;
      return other === null ? ['–', '–'] : [other.toFixed(0), (own / other).toFixed(2)];
    });
    return [workload, gas.toFixed(3), own.toFixed(0), ...columns];
  });
  for (const [name = '', ...cells] of [header, ...lines]) {
    console.log(name.padEnd(18) + cells.map((cell) => cell.padStart(18)).join(''));
  }
  if (transferUs !== null) console.log(`ERC-20 transfer as a whole transaction: ${transferUs.toFixed(1)} µs`);
}
