/**
 * The loop of test suites: snapshot, some transactions, revert. Heddle and anvil in turns, a round each after the other.
 *
 * Usage: npm run bench -- fixture [cycles] [transactions of a cycle] [devnet flags …]. Prints one JSON line: cycles a second, and
 * the process's memory after half of the cycles and after all, MB.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findAnvil } from '../apps/validator/test/support/compose/anvil-process.ts';
import { rpc, startDevnetProcess } from '../apps/validator/test/support/devnet-process.ts';
import { residentBytes } from '../apps/validator/test/support/process-usage.ts';

const [cycles = '2000', transactions = '20', ...flags] = process.argv.slice(2);
const ROUNDS = 10;
const MIB = 1_024 * 1_024;
const FROM = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266';
const TO = '0x00000000000000000000000000000000000000aa';

/** A network under measure. */
interface Measured {
  readonly url: string;
  readonly pid: number;
  elapsedMs: number;
  readonly memory: number[];
  end(): Promise<unknown>;
}

const heddle = await openHeddle();
const binary = findAnvil();
const anvil = binary === null ? null : await openAnvil(binary);
const networks = anvil === null ? [heddle] : [heddle, anvil];
try {
  const perRound = Math.max(1, Math.round(Number(cycles) / ROUNDS));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const network of networks) {
      const start = performance.now();
      for (let cycle = 0; cycle < perRound; cycle++) await fixture(network.url, Number(transactions));
      network.elapsedMs += performance.now() - start;
      if (round === ROUNDS / 2 || round === ROUNDS) network.memory.push(residentMegabytes(network.pid));
    }
  }
  const done = perRound * ROUNDS;
  const figures = ({ elapsedMs, memory }: Measured): object => ({
    cyclesPerSecond: Math.round((done * 10_000) / elapsedMs) / 10,
    halfMB: memory[0],
    endMB: memory[1],
  });
  const result = {
    cycles: done,
    transactions: Number(transactions),
    heddle: figures(heddle),
    anvil: anvil === null ? null : figures(anvil),
    rate: anvil === null ? null : Math.round((anvil.elapsedMs / heddle.elapsedMs) * 100) / 100,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  for (const network of networks) await network.end();
}

/** One test: each transaction is awaited, as tests do. */
async function fixture(url: string, count: number): Promise<void> {
  const id = await rpc(url, 'evm_snapshot');
  for (let sent = 0; sent < count; sent++) {
    const hash = await rpc(url, 'eth_sendTransaction', [{ from: FROM, to: TO, value: '0x1' }]);
    if ((await receipt(url, hash)) === null) throw new Error(`transaction ${String(hash)} has no receipt`);
  }
  if ((await rpc(url, 'evm_revert', [id])) !== true) throw new Error(`snapshot ${String(id)} is gone`);
}

/** Within ten seconds; null after that. */
async function receipt(url: string, hash: unknown): Promise<unknown> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const found = await rpc(url, 'eth_getTransactionReceipt', [hash]);
    if (found !== null || performance.now() > deadline) return found;
  }
}

async function openHeddle(): Promise<Measured> {
  const { ready, stop } = await startDevnetProcess(flags);
  return { url: ready.urls.http, pid: ready.pid, elapsedMs: 0, memory: [], end: stop };
}

async function openAnvil(file: string): Promise<Measured> {
  const child = spawn(file, ['--port', '0', '--hardfork', 'osaka'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('anvil did not start');
  const exited = once(child, 'exit');
  const end = (): Promise<unknown> => {
    child.kill('SIGKILL');
    return exited;
  };
  return { url: await listening(child), pid, elapsedMs: 0, memory: [], end };
}

function listening({ stdout }: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  if (stdout === null) throw new Error('anvil has no standard output');
  const lines = createInterface({ input: stdout });
  lines.on('line', (line) => {
    const [, address] = /^Listening on (\S+)$/.exec(line) ?? [];
    if (address !== undefined) resolve(`http://${address}`);
  });
  lines.once('close', () => reject(new Error('anvil ended before it listened')));
  return promise;
}

/** Of a process, as Linux counts it. */
function residentMegabytes(pid: number): number {
  return Math.round(residentBytes(pid) / MIB);
}
