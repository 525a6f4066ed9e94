import { execFile } from 'node:child_process';
import { join } from 'node:path';

const NODE = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.bin', 'node');
const TESTS = join(import.meta.dirname, '..');

/**
 * Plays groups of scenarios in a plain Node process: loops are far slower inside the test runner. Resolves to what
 * they found, by name; rejects when the process fails or takes longer than `timeoutMs`. `main`: the program that plays them.
 */
export function play(
  groups: readonly string[],
  timeoutMs: number,
  main: string = 'cluster/main.ts',
): Promise<Readonly<Record<string, unknown>>> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    execFile(NODE, ['--expose-gc', join(TESTS, main), ...groups], { env, timeout: timeoutMs }, (error, out, err) => {
      if (error === null) resolve(JSON.parse(out));
      else reject(new Error(`scenarios of ${groups.join(' and ')}: ${error.message}\n${err}`));
    });
  });
}
