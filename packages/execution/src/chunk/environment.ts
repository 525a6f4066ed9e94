import { BLOB_BASE_FEE } from '@heddle/types';
import { BLOCK_HASH_WINDOW } from '../limits.ts';
import type { BlockEnvironment } from '../transaction/types.ts';
import type { ChunkContext } from './types.ts';

/** What a chunk and a section say alike of the block that their transactions see. */
type Surroundings = Pick<
  ChunkContext,
  'chainId' | 'height' | 'timestamp' | 'coinbase' | 'gasLimit' | 'prevRandao' | 'ancestor'
>;

/**
 * What a transaction of this chunk or section sees of its block; `baseFeePerGas` is its own, which in a chunk depends on
 * its target.
 */
export function chunkEnvironment(context: Surroundings, baseFeePerGas: bigint): BlockEnvironment {
  return {
    chainId: context.chainId,
    number: context.height,
    timestamp: context.timestamp,
    coinbase: context.coinbase,
    gasLimit: context.gasLimit,
    baseFeePerGas,
    prevRandao: context.prevRandao,
    blobBaseFee: BLOB_BASE_FEE,
    blockHash: (number) => {
      if (number < 0n || number >= context.height || number < context.height - BLOCK_HASH_WINDOW) return null;
      return context.ancestor(number)?.hash ?? null;
    },
  };
}
