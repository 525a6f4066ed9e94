import type { TransactionPool } from '@heddle/mempool';
import {
  decodeWireRequest,
  encodeBlockResponse,
  encodeChunkResponse,
  encodePoolResponse,
  encodeRangeResponse,
  type RangeBlock,
} from '@heddle/network';
import type { ChainStore } from '@heddle/storage';
import { type Block, hashChunkHeader } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import type { ChunkCache } from '../chain/chunk-cache.ts';

export interface ResponderPorts {
  readonly chain: Chain;
  readonly chunks: ChunkCache;
  readonly pool: TransactionPool;
}

/** Answers what peers ask for. A request that does not decode is rejected, and the requester asks another peer. */
export async function answerRequest({ chain, chunks, pool }: ResponderPorts, bytes: Uint8Array): Promise<Uint8Array> {
  const request = decodeWireRequest(bytes);
  const { store, tree } = chain;
  switch (request.kind) {
    case 'blockRequest': {
      const { hash } = request;
      return encodeBlockResponse(tree.get(hash)?.block ?? store.unfinalBlock(hash) ?? store.blockByHash(hash));
    }
    case 'chunkRequest':
      return encodeChunkResponse(chunks.executed(request.hash)?.chunk ?? store.chunk(request.hash));
    case 'rangeRequest':
      return encodeRangeResponse({
        blocks: finalBlocks(store, request.from, request.to),
        bestFinalization: store.bestFinalization(),
      });
    case 'poolRequest':
      return encodePoolResponse(pool.all().map(({ raw }) => raw));
  }
}

function finalBlocks(store: ChainStore, from: bigint, to: bigint): readonly RangeBlock[] {
  const blocks: RangeBlock[] = [];
  for (let height = from; height <= to; height++) {
    const block = store.blockByNumber(height);
    if (block === null) break;
    blocks.push({ block, chunks: newChunks(store, block) });
  }
  return blocks;
}

function newChunks(store: ChainStore, block: Block): RangeBlock['chunks'] {
  return block.chunks
    .filter(({ certificate }) => certificate !== null)
    .map(({ header }) => store.chunk(hashChunkHeader(header)))
    .filter((chunk) => chunk !== null);
}
