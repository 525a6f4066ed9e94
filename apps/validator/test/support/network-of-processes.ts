import { strictEqual } from 'node:assert/strict';
import { createServer } from 'node:net';
import { heddle } from './heddle-process.ts';

/** Writes the folders of a network of so many validators of this machine, on ports that nobody has now, into `net`. */
export async function createNetwork(directory: string, validators: number): Promise<void> {
  const port = await freePorts(validators);
  const words = ['network', 'create', '--validators', String(validators), '--shards', '2', '--dir', 'net'];
  const made = await heddle([...words, '--p2p-port', String(port)], directory);
  strictEqual(made.errors, '');
  strictEqual(made.code, 0);
}

/** The first of so many ports in a row that nobody has now, below those that the system gives out by itself. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const taken = await Promise.all(Array.from({ length: count }, (_, index) => isTaken(first + index)));
    if (!taken.includes(true)) return first;
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}
