import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const NODE: string = join(ROOT, 'node_modules', '.bin', 'node');
export const MAIN: string = join(ROOT, 'apps', 'validator', 'src', 'main.ts');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** `heddle …` in a process of its own, until it ends. Its environment has no other HEDDLE_ variables than `environment`. */
export function heddle(
  words: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { ...cleanEnvironment(), ...environment } };
    const child = execFile(NODE, [MAIN, ...words], options, (_error, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
    child.stdin?.end();
  });
}

export function cleanEnvironment(): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^(HEDDLE_|NODE_OPTIONS|npm_)/.test(name));
  return Object.fromEntries(own);
}
