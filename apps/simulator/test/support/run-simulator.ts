import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const MAIN = join(ROOT, 'apps', 'simulator', 'src', 'main.ts');

export interface SimulatorRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command in a process of its own, as `npm run simulate -- …` runs it; rejects when it takes too long. */
export function runSimulator(words: readonly string[], timeoutMs: number): Promise<SimulatorRun> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const options = { env, timeout: timeoutMs, maxBuffer: 2 ** 28 };
  return new Promise((resolve, reject) => {
    execFile(NODE, [MAIN, ...words], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(new Error(`simulator ${words.join(' ')}: ${error?.message}\n${stderr}`));
    });
  });
}
