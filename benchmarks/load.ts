/**
 * Transfers a second over HTTP, until the last one is final: pre-signed, of many senders, in batches over four connections.
 *
 * Usage: npm run bench -- load [--transactions N] [--across SHARE] [devnet flags …]. SHARE, 0 … 1, of the transfers goes to an
 * account of another shard (with one shard none does). Prints one JSON line; CPU is the devnet's process alone.
 */
import { privateKeyToAccount } from 'viem/accounts';
import { rpc, startDevnetProcess } from '../apps/validator/test/support/devnet-process.ts';
import { cpuMs } from '../apps/validator/test/support/process-usage.ts';

const SENDERS = 200;
const BATCH = 100;
const CONNECTIONS = 4;
const POLL_MS = 10;

const args = process.argv.slice(2);
const transactions = Number(take('--transactions') ?? '10000');
const across = Number(take('--across') ?? '0');

const devnet = await startDevnetProcess(['--accounts', String(SENDERS), ...args]);
try {
  const { accounts, urls, chainId } = devnet.ready;
  type Account = (typeof accounts)[number];
  const rounds = Math.ceil(transactions / accounts.length);
  const raws: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, from] of accounts.entries()) {
      if (raws.length === transactions) break;
      const isAcross = (round * 7 + index * 3) % 100 < across * 100;
      const fits = ({ address, shard }: Account): boolean =>
        address !== from.address && (shard !== from.shard) === isAcross;
      const candidates = accounts.filter(fits);
      const to = candidates[(round + index) % candidates.length] ?? from;
      raws.push(
        await privateKeyToAccount(from.privateKey).signTransaction({
          chainId,
          type: 'eip1559',
          nonce: round,
          to: to.address,
          value: 1n,
          gas: 21_000n,
          maxFeePerGas: 1_000_000_000_000n,
          maxPriorityFeePerGas: 1_000_000_000n,
        }),
      );
    }
  }
  const cpuBefore = cpuMs(devnet.ready.pid);
  const start = performance.now();
  const batches = Array.from({ length: Math.ceil(raws.length / BATCH) }, (_, i) =>
    raws.slice(i * BATCH, (i + 1) * BATCH),
  );
  await Promise.all(Array.from({ length: CONNECTIONS }, () => sendBatches(urls.http, batches)));
  for (const from of accounts) {
    const nonce = Math.floor((transactions - 1 - accounts.indexOf(from)) / accounts.length) + 1;
    while (Number(await rpc(urls.http, 'eth_getTransactionCount', [from.address, 'latest'])) < nonce) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  const blocks = Number(await rpc(urls.http, 'eth_blockNumber', []));
  const cpu = cpuMs(devnet.ready.pid) - cpuBefore;
  process.stdout.write(
    `${JSON.stringify({
      transactions,
      across,
      perSecond: Math.round(transactions / seconds),
      cpuMicroseconds: Math.round((cpu * 1_000) / transactions),
      blocks,
      seconds: Math.round(seconds * 100) / 100,
    })}\n`,
  );
} finally {
  await devnet.stop();
}

function take(flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args.splice(at, 2)[1];
}

async function sendBatches(url: string, batches: string[][]): Promise<void> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const body = batch.map((raw, id) => ({ jsonrpc: '2.0', id, method: 'eth_sendRawTransaction', params: [raw] }));
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const refused = (await response.text()).match(/"message":"[^"]*"/);
    if (refused !== null) throw new Error(`a transfer was refused: ${refused[0]}`);
  }
}
