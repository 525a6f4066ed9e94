import { rpcBatch } from './rpc-batch.ts';
import { until } from './until.ts';

/** Between two looks for receipts. */
const NOTING_MS = 20;

/** Where a transaction was executed. */
export interface Place {
  readonly blockHash: string;
  readonly blockNumber: string;
  readonly status: string;
}

/** The receipts that there are, by transaction hash. */
export async function readReceipts(url: string, hashes: readonly string[]): Promise<ReadonlyMap<string, Place>> {
  const answers = await rpcBatch(
    url,
    hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
  );
  const found = new Map<string, Place>();
  for (const [i, hash] of hashes.entries()) {
    const receipt = answers[i];
    if (receipt === null) continue;
    if (!isPlace(receipt)) throw new Error(`the receipt of ${hash} came as ${JSON.stringify(receipt)}`);
    const { blockHash, blockNumber, status } = receipt;
    found.set(hash, { blockHash, blockNumber, status });
  }
  return found;
}

/** Waits until all of them have a receipt. Throws after `timeoutMs` and says how many were missing. */
export async function allReceipts(
  url: string,
  hashes: readonly string[],
  timeoutMs = 20_000,
): Promise<ReadonlyMap<string, Place>> {
  let found: ReadonlyMap<string, Place> = new Map();
  const isComplete = async (): Promise<boolean> => {
    found = await readReceipts(url, hashes);
    return found.size === hashes.length;
  };
  await until(isComplete, timeoutMs).catch(() => {
    const missing = hashes.filter((hash) => !found.has(hash));
    throw new Error(`${missing.length} of ${hashes.length} have no receipt after ${timeoutMs} ms: ${missing[0]} …`);
  });
  return found;
}

/** Notes every receipt that a node shows of those that are sent, which may become more, until the returned function is called. */
export function noteReceipts(url: string, sent: readonly string[], seen: Map<string, Place>): () => Promise<void> {
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const waiting = sent.filter((hash) => !seen.has(hash));
      const found = await readReceipts(url, waiting).catch(() => new Map<string, Place>());
      for (const [hash, place] of found) seen.set(hash, place);
      await new Promise((resolve) => setTimeout(resolve, NOTING_MS));
    }
  };
  const running = run();
  return () => {
    isStopped = true;
    return running;
  };
}

/** Those of `known` that are not there any more, or elsewhere. */
export async function displaced(url: string, known: ReadonlyMap<string, Place>): Promise<readonly string[]> {
  const now = await readReceipts(url, [...known.keys()]);
  return [...known].flatMap(([hash, { blockHash, blockNumber, status }]) => {
    const other = now.get(hash);
    const isSame = other?.blockHash === blockHash && other.blockNumber === blockNumber && other.status === status;
    return isSame ? [] : [hash];
  });
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'blockHash' in value &&
    typeof value.blockHash === 'string' &&
    'blockNumber' in value &&
    typeof value.blockNumber === 'string' &&
    'status' in value &&
    typeof value.status === 'string'
  );
}
