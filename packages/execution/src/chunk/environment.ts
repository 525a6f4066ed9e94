import { BLOB_BASE_FEE } from '@heddle/types';
import { BLOCK_HASH_WINDOW } from '../limits.ts';
import type { BlockEnvironment } from '../transaction/types.ts';
import type { ChunkContext } from './types.ts';

/** What a transaction of this chunk sees of its block; `baseFeePerGas` is its own, which depends on its target. */
export function chunkEnvironment(context: ChunkContext, baseFeePerGas: bigint): BlockEnvironment {
  return {
    chainId: context.chainId,
    number: context.height,
    timestamp: context.timestamp,
    coinbase: context.coinbase,
    gasLimit: context.gasLimit,
    baseFeePerGas,
    prevRandao: context.prevRandao,
    blobBaseFee: BLOB_BASE_FEE,
    blockHash: blockHashOf(context),
  };
}

/** BLOCKHASH at a height: the last 256 blocks below it. */
export function blockHashOf(context: Pick<ChunkContext, 'height' | 'ancestor'>): BlockEnvironment['blockHash'] {
  const { height } = context;
  return (number) => {
    if (number < 0n || number >= height || number < height - BLOCK_HASH_WINDOW) return null;
    return context.ancestor(number)?.hash ?? null;
  };
}
