import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandLine, wholeNumber } from '@heddle/command-line';
import { rpc } from '../apps/validator/test/support/devnet-process.ts';
import { seededNumbers } from '../apps/validator/test/support/seeded-numbers.ts';
import { loggedErrors } from '../apps/validator/test/support/validators.ts';
import { FakeNode } from '../packages/rpc/test/support/fake-node.ts';
import { methodTable } from '../packages/rpc/test/support/method-table.ts';
import { Attacker } from './rpc-fuzz/attacks.ts';
import { type InspectedDevnet, startInspectedDevnet } from './rpc-fuzz/inspected-devnet.ts';
import { type Latencies, startProbe } from './rpc-fuzz/probe.ts';
import { Requests } from './rpc-fuzz/requests.ts';

/*
 * npm run fuzz:rpc -- [--requests N] [--seed N]
 * Sends N random, malformed and abandoned requests to a devnet, and N more. It must not end, must answer all of them
 * properly, must be quick for others meanwhile, and must hold no more memory after 2N than after N. Exit code 1 if not.
 */
const CLIENTS = 8;
/** A collection, compiled code and caches that fill leave some; a leak of a kilobyte a request is more. */
const HEAP_TOLERANCE_BYTES = 4 * 1024 * 1024;
const MAX_P99_MS = 100;
/** Requests before anything is measured: code is compiled, filters are at their limit. */
const WARM_UP = 3_000;
/** What was abandoned is given up, and sockets are closed. */
const SETTLE_MS = 3_000;
const SHOWN_FAULTS = 20;

const { flags } = await readCommandLine({
  runs: 'npm run fuzz:rpc --',
  about: 'Random, malformed and abandoned requests over every RPC method of a running devnet',
  words: '',
  flags: {
    requests: { typed: '--requests <N>', help: 'how many, twice', kind: wholeNumber(1, 2 ** 32), usual: 10_000 },
    seed: { typed: '--seed <N>', help: 'of the random numbers', kind: wholeNumber(0, 2 ** 32), usual: 1 },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'heddle-fuzz-'));
try {
  // On disk and with small caches, so that blocks, which are meant to be kept, do not look like a leak.
  const inspected = await startInspectedDevnet(['--data-dir', join(folder, 'chain'), '--cache-mb', '4']);
  process.exitCode = (await run(inspected)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(inspected: InspectedDevnet): Promise<boolean> {
  const { devnet } = inspected;
  const faults: string[] = [];
  await round(inspected, Math.min(WARM_UP, flags.requests), flags.seed + 2, faults);
  const first = await round(inspected, flags.requests, flags.seed, faults);
  const second = await round(inspected, flags.requests, flags.seed + 1, faults);
  const blocks = Number(await rpc(devnet.ready.urls.http, 'eth_blockNumber'));
  const wrong = [
    ...faults,
    ...loggedErrors(devnet),
    ...[first, second].flatMap(({ latencies }) => slow(latencies)),
    ...(second.heap > first.heap + HEAP_TOLERANCE_BYTES
      ? [`heap grew from ${first.heap} to ${second.heap} bytes`]
      : []),
  ];
  const exitCode = await devnet.stop();
  if (exitCode !== 0) wrong.push(`the devnet ended with ${exitCode}`);
  process.stdout.write(`${JSON.stringify({ ...flags, first, second, blocks, exitCode, wrong: wrong.length })}\n`);
  for (const fault of wrong.slice(0, SHOWN_FAULTS)) process.stdout.write(`${fault}\n`);
  return wrong.length === 0;
}

function slow({ p99, failures }: Latencies): readonly string[] {
  const wrong: string[] = [];
  if (p99 > MAX_P99_MS) wrong.push(`eth_blockNumber took ${p99} ms at p99, want at most ${MAX_P99_MS}`);
  if (failures > 0) wrong.push(`eth_blockNumber failed ${failures} times`);
  return wrong;
}

interface Round {
  readonly sent: number;
  readonly seconds: number;
  readonly latencies: Latencies;
  /** heapUsed after two forced collections, bytes. */
  readonly heap: number;
}

async function round(
  { devnet, heapUsed }: InspectedDevnet,
  requests: number,
  seed: number,
  faults: string[],
): Promise<Round> {
  const startedMs = performance.now();
  const { urls, accounts } = devnet.ready;
  const addresses = accounts.map(({ address }) => address);
  const stopProbe = startProbe(urls.http);
  let sent = 0;
  const client = async (index: number): Promise<void> => {
    const numbers = seededNumbers(seed * CLIENTS + index);
    const random = new Requests(numbers, methodNames(), addresses);
    const attacker = new Attacker(urls.http, numbers, random, (fault) => faults.push(fault));
    while (sent < requests && devnet.child.exitCode === null) sent += await attacker.next();
    attacker.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
  const seconds = Math.round(performance.now() - startedMs) / 1_000;
  const latencies = await stopProbe();
  await sleep(SETTLE_MS);
  return { sent, seconds, latencies, heap: await heapUsed() };
}

/** Every method that a devnet has. */
function methodNames(): readonly string[] {
  return Object.keys(methodTable(new FakeNode().backend(true)));
}
