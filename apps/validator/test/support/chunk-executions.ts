import { rpc } from './devnet-process.ts';
import { rpcBatch } from './rpc-batch.ts';

const PATHS = ['sequential', 'producer', 'validator'] as const;
type Path = (typeof PATHS)[number];

/** How the chunks of a devnet were executed, as `shard_getChunk` tells. */
export interface ChunkExecutions {
  /** Chunks with transactions, by path. */
  readonly byPath: Readonly<Record<Path, number>>;
  /** Sums over all chunks. */
  readonly transactions: number;
  /** Transactions of the chain that no chunk executed: those of its blocks' sections. */
  readonly inSections: number;
  readonly disagreements: unknown;
}

/** Looks at all chunks of the chain. */
export async function chunkExecutions(url: string, shards: number): Promise<ChunkExecutions> {
  const head = Number(await rpc(url, 'eth_blockNumber'));
  const numbers = Array.from({ length: head }, (_, i) => `0x${(i + 1).toString(16)}`);
  const calls = numbers.flatMap((number) =>
    Array.from({ length: shards }, (_, shard) => ({ method: 'shard_getChunk', params: [shard, number] })),
  );
  const byPath: Record<Path, number> = { sequential: 0, producer: 0, validator: 0 };
  let transactions = 0;
  for (const [i, chunk] of (await rpcBatch(url, calls)).entries()) {
    const { height, transactionCount } = Object(chunk);
    // A shard that is missing in the block shows its last chunk, which has been counted.
    if (height !== calls[i]?.params[1]) continue;
    transactions += Number(transactionCount);
    const path = pathOf(chunk);
    if (path !== null) byPath[path] += 1;
  }
  const { disagreements } = Object(await rpc(url, 'shard_topology'));
  const counts = numbers.map((number) => ({ method: 'eth_getBlockTransactionCountByNumber', params: [number] }));
  const all = (await rpcBatch(url, counts)).reduce((sum: number, count) => sum + Number(count), 0);
  return { byPath, transactions, inSections: all - transactions, disagreements };
}

function pathOf(chunk: unknown): Path | null {
  const { transactionCount, execution } = Object(chunk);
  return transactionCount === 0 ? null : (PATHS.find((path) => path === Object(execution).path) ?? null);
}
