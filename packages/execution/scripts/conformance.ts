/**
 * Runs official EVM state tests (Osaka):
 *   npm run conformance -- --fixtures PATH [--match TEXT]… [--shards N] [--seed N] [--json]
 * PATH is a file of state tests, or a folder with them at any depth (.json, .json.gz); what else lies there is passed
 * over. `--match` keeps the tests whose path or name contains the text; several keep those of any.
 * `--shards` spreads the accounts of each test over shards and executes it as a section: the union of the shards after it
 * must have the root.
 * A line for each failure, figures at the end. Exit code 1 when a test fails, 2 on bad use.
 */
import { given, path, readCommandLine, refuse, type Script, several, text, wholeNumber } from '@heddle/command-line';
import { MAX_SHARDS } from '@heddle/types';
import { type FixtureFile, FixturePathError, listFixtureFiles, readFixtureFile } from './fixture-files.ts';
import type { Spread } from './spread-test.ts';
import { InvalidFixtureError, type StateFixture } from './state-fixture.ts';
import { runStateTest, type TestResult } from './state-test.ts';

interface Options extends Spread {
  readonly fixtures: string;
  readonly match: readonly string[];
  readonly json: boolean;
}

interface Report {
  files: number;
  passed: number;
  failed: number;
  readonly failures: { readonly file: string; readonly test: string; readonly reason: string }[];
  readonly slowest: { file: string; ms: number };
  ms: number;
}

/** There is nothing to test; `message` is for the user. */
class NoTestsError extends Error {
  readonly code = 'NO_TESTS';
}

const SCRIPT: Script<Options> = {
  runs: 'npm run conformance --',
  about: 'Runs official EVM state tests (Osaka)',
  words: '',
  flags: {
    fixtures: { typed: '--fixtures <PATH>', help: 'a file of state tests, or a folder', kind: path, isRequired: true },
    match: {
      typed: '--match <TEXT>',
      help: 'only tests whose path or name has it in it; several: any of them',
      kind: several(text),
      usual: [''],
    },
    shards: {
      typed: '--shards <N>',
      help: 'spread the accounts of each test over so many shards and execute it as a section',
      kind: wholeNumber(1, MAX_SHARDS),
      usual: 1,
    },
    seed: { typed: '--seed <N>', help: 'of where contracts are put', kind: wholeNumber(0, 2 ** 32), usual: 1 },
    json: { typed: '--json', help: 'print one JSON object', kind: given, usual: false },
  },
};

function run({ fixtures, match, shards, seed }: Options): Report {
  const report: Report = { files: 0, passed: 0, failed: 0, failures: [], slowest: { file: '', ms: 0 }, ms: 0 };
  const started = performance.now();
  for (const file of listFixtureFiles(fixtures)) runFile(file, match, { shards, seed }, report);
  report.ms = Math.round(performance.now() - started);
  if (report.passed + report.failed > 0) return report;
  const wanted = match.some((text) => text !== '') ? ` that match ${match.join(' or ')}` : '';
  throw new NoTestsError(`there are no state tests for Osaka${wanted} in ${fixtures}`);
}

function runFile(file: FixtureFile, match: readonly string[], spread: Spread, report: Report): void {
  const started = performance.now();
  let ran = false;
  const isWanted = (name: string): boolean => match.some((text) => name.includes(text));
  for (const fixture of readTests(file, isWanted(file.name), report)) {
    if (!isWanted(file.name) && !isWanted(fixture.name)) continue;
    ran = true;
    for (const post of fixture.posts)
      count(
        report,
        file.name,
        fixture.name,
        attempt(() => runStateTest(fixture, post, spread)),
      );
  }
  if (!ran) return;
  report.files++;
  const ms = performance.now() - started;
  if (ms > report.slowest.ms) Object.assign(report.slowest, { file: file.name, ms: Math.round(ms) });
}

/** A file that cannot be read is a failed test, if it is one of those that are wanted. */
function readTests(file: FixtureFile, isWanted: boolean, report: Report): readonly StateFixture[] {
  try {
    return readFixtureFile(file);
  } catch (error) {
    if (!(error instanceof InvalidFixtureError)) throw error;
    if (isWanted) count(report, file.name, 'the whole file', { kind: 'failed', reason: error.message });
    return [];
  }
}

/** A throw is a failed test, not the end of the run. */
function attempt(test: () => TestResult): TestResult {
  try {
    return test();
  } catch (error) {
    return { kind: 'failed', reason: `threw ${oneLine(error)}` };
  }
}

function count(report: Report, file: string, test: string, result: TestResult): void {
  if (result.kind === 'passed') {
    report.passed++;
    return;
  }
  report.failed++;
  report.failures.push({ file, test, reason: result.reason });
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll('\n', ' ');
}

function print(report: Report): void {
  for (const { file, test, reason } of report.failures) console.log(`FAILED ${file} ${test}: ${reason}`);
  console.log(`${report.files} files in ${report.ms} ms, the slowest ${report.slowest.file}, ${report.slowest.ms} ms`);
  console.log(`${report.passed} passed, ${report.failed} failed`);
}

async function main(): Promise<number> {
  const { flags } = await readCommandLine(SCRIPT);
  try {
    const report = run(flags);
    if (flags.json) console.log(JSON.stringify(report));
    else print(report);
    return report.failed > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof NoTestsError || error instanceof FixturePathError) refuse(SCRIPT, error.message);
    throw error;
  }
}

process.exitCode = await main();
