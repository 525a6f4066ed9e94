import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRecord } from '@heddle/primitives/is-record';

/** A validator that runs in a process of its own. */
export interface MemberProcess {
  /** Of its folder. */
  readonly name: string;
  /** Where it answers; null while it does not yet. */
  url(): string | null;
  /** Resolves when it has ended: its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks for an ordered stop. */
  stop(): void;
}

/** The command line of this program, whatever started it. */
const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** Starts `heddle validator` on a folder. Its log goes to `printError`, each line with its name. */
export function startMember(directory: string, printError: (text: string) => void, isReady: () => void): MemberProcess {
  const name = basename(directory);
  const words = [...process.execArgv, MAIN, 'validator', '--data-dir', directory];
  // A group of its own: a Ctrl-C reaches this process alone, which stops them in order.
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let url: string | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    url = urlIn(line) ?? url;
    if (url !== null) isReady();
  });
  createInterface({ input: child.stderr }).on('line', (line) => printError(`${name} | ${line}\n`));
  return {
    name,
    url: () => url,
    ended: new Promise((resolve) => {
      child.once('error', () => resolve(null));
      child.once('exit', (code) => resolve(code));
    }),
    stop: () => {
      if (child.exitCode === null) child.kill('SIGTERM');
    },
  };
}

/** Of the line that a validator prints when it answers. */
function urlIn(line: string): string | null {
  try {
    const ready: unknown = JSON.parse(line);
    if (!isRecord(ready) || !isRecord(ready.urls)) return null;
    return typeof ready.urls.http === 'string' ? ready.urls.http : null;
  } catch {
    return null;
  }
}
