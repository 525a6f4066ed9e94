import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

type Hex = `0x${string}`;

/** The line that `--json` prints when the devnet is ready. */
export interface ReadyLine {
  readonly urls: { readonly http: string; readonly ws: string };
  readonly accounts: readonly { readonly address: Hex; readonly privateKey: Hex; readonly shard: number }[];
  readonly pid: number;
  readonly chainId: number;
  readonly shards: number;
  readonly validators: number;
  /** Number of the latest final block when it was ready. */
  readonly head: number;
}

/** A devnet in a process of its own, as a user starts it. */
export interface DevnetProcess {
  readonly ready: ReadyLine;
  readonly child: ChildProcess;
  /** What it has written to standard error so far: warnings and errors of the validators. */
  log(): string;
  /** SIGTERM, then waits; resolves to the exit code (null when it was killed). */
  stop(): Promise<number | null>;
  /** SIGKILL to the pid of the ready line, then waits. */
  kill(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const NODE = join(ROOT, 'node_modules', '.bin', 'node');
const READY_TIMEOUT_MS = 30_000;

/** The command line of the devnet, without npm. */
export function devnetCommand(flags: readonly string[]): { readonly file: string; readonly args: readonly string[] } {
  const main = join(ROOT, 'apps', 'validator', 'src', 'main.ts');
  return { file: NODE, args: [main, 'devnet', ...flags] };
}

/**
 * Starts a devnet on a free port and waits until it is ready. `nodeFlags` are for Node itself. Throws with its standard
 * error when it ends before that.
 */
export async function startDevnetProcess(
  flags: readonly string[],
  nodeFlags: readonly string[] = [],
): Promise<DevnetProcess> {
  const { file, args } = devnetCommand(['--json', '--port', '0', '--log-level', 'warn', ...flags]);
  const child = spawn(file, [...nodeFlags, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  endWithThisProcess(child);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ready = await readyLine(child, () => errors);
  const exited = once(child, 'exit');
  return {
    ready,
    child,
    log: () => errors,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await exited;
      }
      return child.exitCode;
    },
    kill: async () => {
      process.kill(ready.pid, 'SIGKILL');
      await exited;
    },
  };
}

const children = new Set<ChildProcess>();
let isGuarded = false;

/** A test script that fails or is ended leaves no devnet behind. */
function endWithThisProcess(child: ChildProcess): void {
  if (!isGuarded) {
    isGuarded = true;
    process.once('exit', () => {
      for (const running of children) running.kill('SIGKILL');
    });
    process.once('SIGTERM', () => process.exit(1));
  }
  children.add(child);
  child.once('exit', () => children.delete(child));
}

function readyLine(child: ChildProcess, errors: () => string): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const { stdout } = child;
    if (stdout === null) return reject(new Error('the devnet has no standard output'));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the devnet was not ready in ${READY_TIMEOUT_MS} ms\n${errors()}`));
    }, READY_TIMEOUT_MS);
    createInterface({ input: stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the devnet ended with ${code} before it was ready\n${errors()}`));
    });
  });
}

/** What solc makes of test-fixtures/contracts. */
export interface CompiledContract {
  readonly abi: readonly object[];
  readonly bytecode: Hex;
}

/** Compiles in a plain Node process: solc is slow inside the test runner. */
export function compileContracts(): Promise<Readonly<Record<string, CompiledContract>>> {
  const script = join(ROOT, 'test-fixtures', 'contracts', 'compile.ts');
  return new Promise((resolve, reject) => {
    execFile(NODE, [script], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout));
      else reject(new Error(`solc failed: ${stderr}`));
    });
  });
}

/** One JSON-RPC request over HTTP, nothing in between. Throws when the answer is an error. */
export async function rpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer: { readonly result?: unknown; readonly error?: { readonly message: string } } = JSON.parse(
    await response.text(),
  );
  if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
  return answer.result;
}
