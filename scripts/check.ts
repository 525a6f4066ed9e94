// Format, lint, types, layers and dead code: `npm run check`. turbo runs them side by side and remembers what passed
// for the same files; it neither phones home nor leaves a daemon behind.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tasks = ['check:style', 'check:types', 'check:layers', 'check:dead-code'];

const turbo = spawn(
  process.execPath,
  [
    'node_modules/turbo/bin/turbo',
    'run',
    ...tasks,
    '--continue',
    '--output-logs=errors-only',
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' },
  },
);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => turbo.kill(signal));

turbo.on('error', (error) => {
  process.stderr.write(`turbo could not be started: ${error.message}\n`);
  process.exitCode = 1;
});

turbo.on('close', (code, signal) => {
  const passed = code === 0 && signal === null;
  process.stdout.write(passed ? 'check passed\n' : 'check failed: what went wrong stands above\n');
  process.exitCode = passed ? 0 : 1;
});
