/**
 * Runs official EVM state tests (Osaka) and reports figures:
 *   node --conditions=heddle-source packages/execution/scripts/conformance.ts --fixtures DIR [--filter TEXT]… [--json]
 * A filter keeps the files whose path contains it; several keep those of any. DIR holds state-test JSON, plain or gzip (.json, .json.gz), at any depth. Exit code 1 when a test fails, 2 on bad use.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { readFixtures } from './state-fixture.ts';
import { runStateTest, type TestResult } from './state-test.ts';

interface Report {
  files: number;
  passed: number;
  failed: number;
  /** Count by reason. */
  readonly skipped: Record<string, number>;
  readonly failures: { readonly file: string; readonly test: string; readonly reason: string }[];
  readonly slowest: { file: string; ms: number };
  ms: number;
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') || path.endsWith('.json.gz'))
    .sort();
}

function readJson(path: string): unknown {
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

function runFile(directory: string, file: string, report: Report): void {
  const started = performance.now();
  for (const fixture of readFixtures(readJson(join(directory, file)))) {
    for (const post of fixture.posts)
      count(
        report,
        file,
        fixture.name,
        attempt(() => runStateTest(fixture, post)),
      );
  }
  report.files++;
  const ms = performance.now() - started;
  if (ms > report.slowest.ms) Object.assign(report.slowest, { file, ms: Math.round(ms) });
}

/** A throw is a failed test, not the end of the run. */
function attempt(run: () => TestResult): TestResult {
  try {
    return run();
  } catch (error) {
    return { kind: 'failed', reason: `threw ${error instanceof Error ? error.stack : String(error)}` };
  }
}

function count(report: Report, file: string, test: string, result: TestResult): void {
  if (result.kind === 'passed') report.passed++;
  else if (result.kind === 'skipped') report.skipped[result.reason] = (report.skipped[result.reason] ?? 0) + 1;
  else {
    report.failed++;
    report.failures.push({ file, test, reason: result.reason });
  }
}

function main(): number {
  const { values } = parseArgs({
    options: {
      fixtures: { type: 'string' },
      filter: { type: 'string', multiple: true, default: [''] },
      json: { type: 'boolean', default: false },
    },
  });
  const { fixtures, filter, json } = values;
  if (fixtures === undefined) {
    console.error('usage: conformance --fixtures DIR [--filter TEXT]… [--json]');
    return 2;
  }
  const report: Report = {
    files: 0,
    passed: 0,
    failed: 0,
    skipped: {},
    failures: [],
    slowest: { file: '', ms: 0 },
    ms: 0,
  };
  const started = performance.now();
  for (const file of listFiles(fixtures)) {
    if (filter.some((text) => file.includes(text))) runFile(fixtures, file, report);
  }
  report.ms = Math.round(performance.now() - started);
  if (json) console.log(JSON.stringify(report));
  else printReport(report);
  return report.failed > 0 ? 1 : 0;
}

function printReport(report: Report): void {
  for (const { file, test, reason } of report.failures) console.log(`FAILED ${file} ${test}\n  ${reason}`);
  for (const [reason, tests] of Object.entries(report.skipped)) console.log(`skipped ${tests}: ${reason}`);
  console.log(`slowest file: ${report.slowest.file}, ${report.slowest.ms} ms`);
  console.log(`${report.files} files, ${report.passed} passed, ${report.failed} failed, ${report.ms} ms`);
}

process.exitCode = main();
