import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const LONG_MS = 300_000;

/** What the script prints; its exit code is left out, since figures of a loaded machine may be bad. */
function attack(...flags: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, NODE_OPTIONS: '' } };
    execFile(NODE, [join(ROOT, 'scripts', 'attack.ts'), ...flags], options, (_error, output, errors) =>
      resolve(`${output}${errors}`),
    );
  });
}

test(
  'validators of processes of their own keep all rules under attack, from outside the set and from inside',
  async () => {
    const output = await attack('--messages', '800', '--rate', '200', '--seed', '7');
    const rules = output.split('\n').filter((line) => /^(pass|FAIL) rule/.test(line));
    expect(rules.filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(output).toMatch(/\d+ passed, \d+ failed/);
    expect(rules).toHaveLength(11);
  },
  LONG_MS,
);
