import type { ShardChunk } from '@heddle/rpc';
import type { ChainStore } from '@heddle/storage';
import { type BlockAccessList, type ChunkHeader, type Hash, hashChunkHeader, type ShardId } from '@heddle/types';
import type { ValidatorNode } from '../validator-node.ts';

/** The newest chunk of the shard in the final block `number`, with what this validator knows of it; null above the head. */
export function chunkAt({ chain, executions }: ValidatorNode, shard: ShardId, number: bigint): ShardChunk | null {
  const { store } = chain;
  const header = store.blockByNumber(number)?.chunks[shard]?.header;
  if (header === undefined) return null;
  const hash = hashChunkHeader(header);
  const body = store.chunk(hash)?.body ?? null;
  const transactionCount = body?.transactions.length ?? 0;
  const own = (store.executions(header.height)[shard] ?? []).filter(({ deliveredBy }) => deliveredBy === null);
  return {
    header,
    transactionCount,
    dispatchedCount: transactionCount - own.length,
    deliveredCount: deliveredCount(store, header),
    accessList: body === null ? null : countItems(body.accessList),
    execution: executions.of(hash),
  };
}

/** Only final chunks are shown. */
export function chunkByHash(node: ValidatorNode, shard: ShardId, hash: Hash): ShardChunk | null {
  const height = node.chain.store.chunk(hash)?.header.height;
  if (height === undefined) return null;
  const found = chunkAt(node, shard, height);
  return found === null || hashChunkHeader(found.header) !== hash ? null : found;
}

/** Messages from other shards that the final chunk delivered. */
export function deliveredCount(store: ChainStore, header: ChunkHeader): number {
  const before = store.blockByNumber(header.height - 1n)?.chunks[header.shard]?.header ?? header;
  return Number(delivered(header) - delivered(before));
}

/** Messages from all shards since genesis, up to a constant. */
function delivered({ inboundCursors }: ChunkHeader): bigint {
  return inboundCursors.reduce((sum, cursor) => sum + cursor, 0n);
}

function countItems(list: BlockAccessList): { readonly accounts: number; readonly slots: number } {
  const slots = list.reduce((sum, account) => sum + account.storageChanges.length + account.storageReads.length, 0);
  return { accounts: list.length, slots };
}
