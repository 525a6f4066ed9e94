import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { rpc } from './devnet-process.ts';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 20;

/** anvil in a process of its own that prints nothing: its line per request costs it a good part of its speed. */
export interface QuietAnvil {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts it on `port`, 0 being any free one, and waits until it answers. Throws when it ends before that. */
export async function startQuietAnvil(binary: string, port: number, flags: readonly string[]): Promise<QuietAnvil> {
  const taken = port === 0 ? await freePort() : port;
  const child = spawn(binary, ['--silent', '--port', String(taken), ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    process.removeListener('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    kill();
    await exited;
  };
  const url = `http://127.0.0.1:${taken}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode === null && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      continue;
    }
    await stop();
    throw new Error(`anvil did not answer on port ${taken}: ${errors}`);
  }
  const { pid } = child;
  if (pid === undefined) throw new Error('anvil has no process');
  return { url, pid, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    await rpc(url, 'eth_chainId');
    return true;
  } catch {
    return false;
  }
}

/** One that nobody listens on now; another process may take it before it is used. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}
