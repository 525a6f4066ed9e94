import { execFile } from 'node:child_process';
import { join } from 'node:path';

const NODE = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules', '.bin', 'node');

/**
 * Runs a test script as a plain Node process: heavy work is far slower inside the test runner. Resolves to the JSON of
 * its last line; rejects with its standard error when it fails or takes longer than `timeoutMs`.
 */
export function runScript(script: string, args: readonly string[], timeoutMs: number): Promise<unknown> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    execFile(NODE, [script, ...args], { env, timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
      else reject(new Error(`${script}: ${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
