/**
 * Kills a devnet with SIGKILL while transactions are in flight, again and again, and starts it on the same data: every
 * transaction that had a receipt must have it still, in the same block, and the chain must go on.
 *
 * Usage: node --conditions=heddle-source kill.ts [rounds] [transactions in flight]. Prints one JSON line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { type DevnetProcess, rpc, startDevnetProcess } from '../support/devnet-process.ts';
import { until } from '../support/until.ts';

type Hex = `0x${string}`;

interface Report {
  readonly rounds: number;
  readonly receiptsBeforeKills: number;
  readonly lost: readonly string[];
  readonly inFlightAtKill: readonly number[];
  readonly finalHeight: number;
}

const rounds = Number(process.argv[2] ?? 20);
const inFlight = Number(process.argv[3] ?? 60);
const directory = await mkdtemp(join(tmpdir(), 'heddle-kill-'));
try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function run(): Promise<Report> {
  const known = new Map<string, string>();
  const lost: string[] = [];
  const inFlightAtKill: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const devnet = await startDevnetProcess(['--data-dir', directory, '--balance', '1000000']);
    lost.push(...(await missing(devnet, known)));
    const sent = await sendMany(devnet, inFlight);
    // Some rounds die before anything is executed, some in the middle.
    await new Promise((resolve) => setTimeout(resolve, (round * 37) % 300));
    const receipts = await receiptsOf(devnet, sent);
    for (const [hash, block] of receipts) known.set(hash, block);
    inFlightAtKill.push(sent.length - receipts.size);
    await devnet.kill();
  }
  const devnet = await startDevnetProcess(['--data-dir', directory, '--balance', '1000000']);
  lost.push(...(await missing(devnet, known)));
  const before = Number(await rpc(devnet.ready.urls.http, 'eth_blockNumber'));
  const last = await sendMany(devnet, 1);
  await until(async () => (await receiptsOf(devnet, last)).size === last.length);
  const finalHeight = Number(await rpc(devnet.ready.urls.http, 'eth_blockNumber'));
  await devnet.stop();
  if (finalHeight <= before) lost.push('the chain did not go on');
  return { rounds, receiptsBeforeKills: known.size, lost, inFlightAtKill, finalHeight };
}

async function missing(devnet: DevnetProcess, known: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const now = await receiptsOf(devnet, [...known.keys()]);
  return [...known].filter(([hash, block]) => now.get(hash) !== block).map(([hash]) => hash);
}

/** Block hash by transaction hash, of those that have a receipt. */
async function receiptsOf(devnet: DevnetProcess, hashes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [hash, receipt] of await batch(
    devnet,
    hashes.map((hash) => ['eth_getTransactionReceipt', hash]),
  )) {
    if (isReceipt(receipt)) found.set(hash, receipt.blockHash);
  }
  return found;
}

function isReceipt(value: unknown): value is { readonly blockHash: string } {
  return typeof value === 'object' && value !== null && 'blockHash' in value && typeof value.blockHash === 'string';
}

/** From every account, to accounts of every shard; returns the hashes. */
async function sendMany(devnet: DevnetProcess, count: number): Promise<readonly string[]> {
  const accounts = devnet.ready.accounts.map(({ privateKey }) => privateKeyToAccount(privateKey));
  const nonces = new Map<Hex, number>();
  for (const { address } of accounts) {
    nonces.set(address, Number(await rpc(devnet.ready.urls.http, 'eth_getTransactionCount', [address, 'pending'])));
  }
  const raws: string[] = [];
  for (let i = 0; i < count; i++) {
    const from = accounts[i % accounts.length];
    const to = accounts[(i * 7 + 3) % accounts.length];
    if (from === undefined || to === undefined) continue;
    raws.push(await transfer(devnet, from, to.address, nonces));
  }
  const answers = await batch(
    devnet,
    raws.map((raw) => ['eth_sendRawTransaction', raw]),
  );
  return answers.map(([, hash]) => String(hash));
}

async function transfer(
  devnet: DevnetProcess,
  from: PrivateKeyAccount,
  to: Hex,
  nonces: Map<Hex, number>,
): Promise<string> {
  const nonce = nonces.get(from.address) ?? 0;
  nonces.set(from.address, nonce + 1);
  const fees = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
  return from.signTransaction({
    type: 'eip1559',
    chainId: devnet.ready.chainId,
    nonce,
    to,
    value: 1n,
    gas: 21_000n,
    ...fees,
  });
}

/** One-parameter calls in one request; the parameter and the result of each. Throws on the first error. */
async function batch(
  devnet: DevnetProcess,
  calls: readonly (readonly [method: string, param: string] | string[])[],
): Promise<[string, unknown][]> {
  if (calls.length === 0) return [];
  const results: [string, unknown][] = [];
  for (let from = 0; from < calls.length; from += 500) {
    const body = calls
      .slice(from, from + 500)
      .map(([method, param], id) => ({ jsonrpc: '2.0', id, method, params: [param] }));
    const response = await fetch(devnet.ready.urls.http, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answers: readonly {
      readonly id: number;
      readonly result?: unknown;
      readonly error?: { readonly message: string };
    }[] = JSON.parse(await response.text());
    for (const { id, result, error } of answers) {
      if (error !== undefined) throw new Error(error.message);
      results.push([calls[from + id]?.[1] ?? '', result]);
    }
  }
  return results;
}
