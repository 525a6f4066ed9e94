/**
 * Mining many blocks with one request, and what others wait for meanwhile. Heddle on one shard and on four, and anvil, in
 * turns (no more blocks than it does in seconds); the median of the rounds counts.
 *
 * Usage: npm run bench -- mine [rounds] [blocks,blocks,…]. Prints one JSON line: by network and number of blocks, milliseconds of
 * `anvil_mine`, and the 99th percentile and maximum of `eth_blockNumber` while it runs; of `anvil_setBalance` its milliseconds.
 */
import { findAnvil, startAnvil } from '../apps/validator/test/support/compose/anvil-process.ts';
import { rpc, startDevnetProcess } from '../apps/validator/test/support/devnet-process.ts';

const [rounds = '3', counts = '1000,50400'] = process.argv.slice(2);
/** Between two requests of who waits, milliseconds. */
const POLL_MS = 5;
/** Anvil is asked for no more blocks at once: it takes some 3 ms for each, and longer for later ones. */
const MAX_ANVIL_BLOCKS = 1_000;
const ADDRESS = '0x00000000000000000000000000000000000000aa';

interface Network {
  readonly name: string;
  readonly url: string;
  /** Blocks that it is asked for at once. */
  readonly mostBlocks: number;
  end(): Promise<unknown>;
}

interface Sample {
  readonly ms: number;
  readonly waitedMs: readonly number[];
}

const networks: Network[] = [];
try {
  for (const shards of ['1', '4']) {
    const { ready, stop } = await startDevnetProcess(['--shards', shards]);
    networks.push({ name: `s${shards}`, url: ready.urls.http, mostBlocks: Number.POSITIVE_INFINITY, end: stop });
  }
  const binary = findAnvil();
  if (binary !== null) {
    const { url, stop } = await startAnvil(binary, 1);
    networks.push({ name: 'anvil', url, mostBlocks: MAX_ANVIL_BLOCKS, end: stop });
  }
  const figures: Record<string, Record<string, object>> = {};
  for (const { name } of networks) figures[name] = {};
  for (const count of counts.split(',').map(Number)) {
    for (const [name, samples] of await inTurns(asked(count), ({ url }) => mine(url, count))) {
      figures[name] = { ...figures[name], [count]: mineFigures(samples) };
    }
  }
  for (const [name, samples] of await inTurns(networks, ({ url }, round) => setBalance(url, round))) {
    figures[name] = { ...figures[name], setBalance: { ms: medianOf(samples.map(({ ms }) => ms)) } };
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  for (const { end } of networks) await end();
}

function asked(count: number): readonly Network[] {
  return networks.filter(({ mostBlocks }) => count <= mostBlocks);
}

/** Samples by network. */
async function inTurns(
  those: readonly Network[],
  take: (network: Network, round: number) => Promise<Sample>,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(those.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(rounds); round++) {
    for (const network of those) samples.get(network.name)?.push(await take(network, round));
  }
  return samples;
}

/** Throws if a block of the run is not found by number and by hash. */
async function mine(url: string, count: number): Promise<Sample> {
  const before = Number(await rpc(url, 'eth_blockNumber'));
  const sample = await whilePolling(url, () => rpc(url, 'anvil_mine', [`0x${count.toString(16)}`]));
  for (const place of [1, Math.ceil(count / 2), count]) {
    const number = `0x${(before + place).toString(16)}`;
    const block = await rpc(url, 'eth_getBlockByNumber', [number, false]);
    const hash = block !== null && typeof block === 'object' && 'hash' in block ? block.hash : null;
    const found = await rpc(url, 'eth_getBlockByHash', [hash, false]);
    if (JSON.stringify(found) !== JSON.stringify(block)) throw new Error(`block ${number} is not found by its hash`);
  }
  return sample;
}

async function setBalance(url: string, value: number): Promise<Sample> {
  const start = performance.now();
  await rpc(url, 'anvil_setBalance', [ADDRESS, `0x${(value + 1).toString(16)}`]);
  return { ms: performance.now() - start, waitedMs: [] };
}

async function whilePolling(url: string, task: () => Promise<unknown>): Promise<Sample> {
  const waitedMs: number[] = [];
  let isOver = false;
  const poll = async (): Promise<void> => {
    while (!isOver) {
      const asked = performance.now();
      await rpc(url, 'eth_blockNumber');
      waitedMs.push(performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const polling = poll();
  const start = performance.now();
  await task();
  const ms = performance.now() - start;
  isOver = true;
  await polling;
  return { ms, waitedMs };
}

function mineFigures(samples: readonly Sample[]): object {
  const waited = samples.flatMap(({ waitedMs }) => waitedMs).sort((a, b) => a - b);
  return {
    ms: medianOf(samples.map(({ ms }) => ms)),
    waitP99Ms: Math.round(waited[Math.floor(waited.length * 0.99)] ?? 0),
    waitMaxMs: Math.round(waited.at(-1) ?? 0),
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
