/**
 * Every precompile at what takes longest for its gas: microseconds of CPU a call and Mgas/s, as it runs here and without
 * WebAssembly and native modules (the fallback). Each runs in a process of its own, one after the other.
 *
 * Usage: npm run bench -- precompiles [--only TEXT] [--json]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { given, oneOf, readCommandLine, type Script, text } from '@heddle/command-line';
import { withoutNative } from '../packages/execution/scripts/without-native.ts';

/** A sample takes this long; the median of several counts. */
const SAMPLE_US = 40_000;
const SAMPLES = 5;

interface Row {
  readonly name: string;
  readonly gas: number;
  /** CPU time, which other work on the machine disturbs less than the clock. */
  readonly us: number;
}

interface Flags {
  readonly only: string;
  readonly json: boolean;
  /** For the processes that this one starts: measure, with or without native code, and print rows. */
  readonly measure: 'native' | 'fallback' | null;
}

const SCRIPT: Script<Flags> = {
  runs: 'npm run bench -- precompiles',
  about: 'Every precompile at its dearest input, and its fallback',
  words: '',
  flags: {
    only: { typed: '--only <TEXT>', help: 'precompiles whose name has it in it', kind: text, usual: '' },
    json: { typed: '--json', help: 'print one line of JSON', kind: given, usual: false },
    measure: { typed: '--measure <HOW>', help: 'print rows', kind: oneOf(['native', 'fallback']), usual: null },
  },
};
const { flags } = await readCommandLine(SCRIPT);

if (flags.measure === null) compare();
else {
  if (flags.measure === 'fallback') withoutNative();
  console.log(JSON.stringify(await measureAll()));
}

function compare(): void {
  const [fast, fallback] = [measureApart('native'), measureApart('fallback')];
  const rows = fast.map((row, index) => ({ ...row, fallbackUs: fallback[index]?.us ?? 0 }));
  if (flags.json) {
    console.log(JSON.stringify(rows));
    return;
  }
  console.log(`${'precompile'.padEnd(30)}      gas         µs   Mgas/s | fallback µs   Mgas/s`);
  for (const { name, gas, us, fallbackUs } of rows) {
    const cells = [String(gas).padStart(9), us.toFixed(1).padStart(10), (gas / us).toFixed(1).padStart(8)];
    const rest = `${fallbackUs.toFixed(1).padStart(11)} ${(gas / fallbackUs).toFixed(1).padStart(8)}`;
    console.log(`${name.padEnd(30)}${cells.join(' ')} | ${rest}`);
  }
}

function measureApart(mode: string): readonly Row[] {
  const args = [fileURLToPath(import.meta.url), '--measure', mode, '--only', flags.only];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (stdout === '') throw new Error(`measuring failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** Implementations are chosen when they are imported: not before it is settled what there is. */
async function measureAll(): Promise<readonly Row[]> {
  const { precompileAt } = await import('../packages/execution/src/precompiles/index.ts');
  const { precompileInputs } = await import('../packages/execution/scripts/dear-precompile-inputs.ts');
  return precompileInputs()
    .filter(({ name }) => name.includes(flags.only))
    .map(({ name, number, input }) => {
      const precompile = precompileAt(`0x${number.toString(16).padStart(40, '0')}`);
      if (precompile === null || precompile.run(input) === null) throw new Error(`${name} does not run`);
      const samples = Array.from({ length: SAMPLES }, () => sample(() => precompile.run(input)));
      return { name, gas: precompile.gas(input), us: samples.toSorted((a, b) => a - b)[SAMPLES >> 1] ?? 0 };
    });
}

/** Microseconds of one call. */
function sample(run: () => void): number {
  const before = process.cpuUsage();
  for (let calls = 1; ; calls++) {
    run();
    const { user, system } = process.cpuUsage(before);
    if (user + system > SAMPLE_US) return (user + system) / calls;
  }
}
