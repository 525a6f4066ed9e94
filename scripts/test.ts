// Runs every test with jest and ends in the plain line `N passed, N failed`.
//   npm test [-- FILE PATTERN or jest option ...]
// jest waits for ever on an open handle, hence the limits: the whole run, and the time to exit after the last result.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { TestEvent } from './jest-reporter.ts';

/** The suite is meant to take a quarter of an hour on two idle cores; on a slow or busy machine it is not hung before this. */
const RUN_LIMIT_MS = limitFromEnvironment('HEDDLE_TEST_LIMIT_MS', 45 * 60_000);
/** After the last result jest only has to end its workers. */
const EXIT_LIMIT_MS = limitFromEnvironment('HEDDLE_TEST_EXIT_LIMIT_MS', 10_000);

const root = resolve(import.meta.dirname, '..');

/** Tests start hundreds of processes of the same sources: what Node compiled for one serves all, at half of the CPU. */
const compiled = resolve(root, 'node_modules', '.cache', 'heddle-tests');
rmSync(compiled, { recursive: true, force: true });

const running = new Set<string>();
const failures: string[] = [];
let passed = 0;
let skipped = 0;
let files = 0;

const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--config=scripts/jest.config.json',
    '--reporters=default',
    '--reporters=<rootDir>/scripts/jest-reporter.ts',
    `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`,
    ...process.argv.slice(2),
  ],
  // Its own process group, so that its workers and what they started end with it.
  {
    cwd: root,
    stdio: ['ignore', 2, 2, 'ipc'],
    detached: true,
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  },
);

const runLimit = setTimeout(() => {
  failures.push(
    `the run did not end within ${RUN_LIMIT_MS / 60_000} minutes; running: ${[...running].join(', ') || 'nothing'}`,
  );
  killAll();
}, RUN_LIMIT_MS);

jest.on('message', (event: TestEvent) => {
  switch (event.kind) {
    case 'start':
      running.add(event.file);
      return;
    case 'result':
      running.delete(event.file);
      files += 1;
      passed += event.passed;
      skipped += event.skipped;
      failures.push(...event.failures.map((name) => `${event.file} › ${name}`));
      return;
    case 'complete':
      setTimeout(() => {
        failures.push('jest did not exit after the last test: something left a timer, socket or process open');
        killAll();
      }, EXIT_LIMIT_MS).unref();
      return;
  }
});

jest.on('error', (error) => failures.push(`jest could not be started: ${error.message}`));

jest.on('close', (code, signal) => {
  clearTimeout(runLimit);
  if (failures.length === 0 && code !== 0) {
    failures.push(signal === null ? `jest ended with code ${code}` : `jest was ended by ${signal}`);
  }
  report();
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!failures.includes(`stopped by ${signal}`)) failures.push(`stopped by ${signal}`);
    killAll();
  });
}

function killAll(): void {
  if (jest.pid === undefined) return;
  try {
    process.kill(-jest.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it has ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function report(): void {
  const lines = failures.map((failure) => `FAILED ${failure}`);
  if (skipped > 0) lines.push(`${skipped} skipped`);
  lines.push(`${files} test files in ${Math.round(performance.now() / 1_000)} s`);
  lines.push(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 ? 0 : 1;
  process.stdout.write(`${lines.join('\n')}\n`);
}

function limitFromEnvironment(name: string, fallbackMs: number): number {
  const text = process.env[name];
  if (text === undefined) return fallbackMs;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new Error(`${name} must be a number of milliseconds, got ${text}`);
  return value;
}
