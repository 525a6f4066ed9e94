/**
 * Time from eth_sendRawTransaction to a receipt on an idle devnet, one transaction at a time, within a shard and across.
 *
 * Usage: npm run bench -- latency [transactions] [devnet flags …]. Prints one JSON line; milliseconds.
 */
import { privateKeyToAccount } from 'viem/accounts';
import { rpc, startDevnetProcess } from '../apps/validator/test/support/devnet-process.ts';

type Hex = `0x${string}`;

const [transactions = '100', ...flags] = process.argv.slice(2);
const POLL_MS = 2;

const devnet = await startDevnetProcess(flags);
try {
  const { accounts, urls, chainId } = devnet.ready;
  const nonces = new Map<Hex, number>();
  const measure = async (from: (typeof accounts)[number], to: Hex): Promise<number> => {
    const nonce = nonces.get(from.address) ?? 0;
    nonces.set(from.address, nonce + 1);
    const raw = await privateKeyToAccount(from.privateKey).signTransaction({
      chainId,
      type: 'eip1559',
      nonce,
      to,
      value: 1n,
      gas: 21_000n,
      maxFeePerGas: 20_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
    const start = performance.now();
    const hash = await rpc(urls.http, 'eth_sendRawTransaction', [raw]);
    while ((await rpc(urls.http, 'eth_getTransactionReceipt', [hash])) === null) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return performance.now() - start;
  };
  const local: number[] = [];
  const cross: number[] = [];
  for (let i = 0; i < Number(transactions); i++) {
    const from = accounts[i % accounts.length];
    const same = accounts.find(({ address, shard }) => shard === from?.shard && address !== from?.address);
    const other = accounts.find(({ shard }) => shard !== from?.shard);
    if (from !== undefined && same !== undefined) local.push(await measure(from, same.address));
    if (from !== undefined && other !== undefined) cross.push(await measure(from, other.address));
  }
  process.stdout.write(`${JSON.stringify({ local: summary(local), cross: summary(cross) })}\n`);
} finally {
  await devnet.stop();
}

function summary(samples: readonly number[]): object {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    return value === undefined ? null : Math.round(value * 10) / 10;
  };
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
