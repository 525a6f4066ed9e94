import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

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

/** A validator that runs in a process of its own. */
export interface ValidatorProcess {
  readonly pid: number;
  readonly genesisHash: `0x${string}`;
  readonly url: string;
  /** Of its metrics; null where they are off. */
  readonly metricsUrl: string | null;
  /** What it has written to standard error so far. */
  log(): string;
  /** SIGTERM, then waits; resolves to the exit code (null when it was killed). */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** Resolves to the exit code when it ends by itself. */
  readonly ended: Promise<number | null>;
}

const READY_MS = 90_000;

interface ReadyLine {
  readonly pid: number;
  readonly genesisHash: `0x${string}`;
  readonly urls: { readonly http: string; readonly metrics?: string };
}

/** Starts `heddle validator` on a free RPC port and waits for its line. Throws with its standard error when it ends before that. */
export function startValidatorProcess(
  dataDir: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<ValidatorProcess> {
  return startNodeProcess('validator', dataDir, flags, nodeFlags);
}

/** The same for any command that runs a node. */
export async function startNodeProcess(
  command: 'validator' | 'node',
  dataDir: string,
  flags: readonly string[] = [],
  nodeFlags: readonly string[] = [],
): Promise<ValidatorProcess> {
  const words = [command, '--data-dir', dataDir, '--rpc-port', '0', '--lanes', '0', ...flags];
  const child = spawn(NODE, [...nodeFlags, MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment(),
  });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), READY_MS);
  const first = await Promise.race([line, ended]);
  clearTimeout(timer);
  if (typeof first !== 'string') throw new Error(`the validator ended with ${first} before it was ready\n${errors}`);
  const ready: ReadyLine = JSON.parse(first);
  return {
    pid: ready.pid,
    genesisHash: ready.genesisHash,
    url: ready.urls.http,
    metricsUrl: ready.urls.metrics ?? null,
    log: () => errors,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
