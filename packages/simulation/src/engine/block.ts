import type { BlockEnvironment } from '@heddle/execution';
import type { BlockFacts, BlockOverrides, StateSource } from '../types.ts';

/** BLOCKHASH reaches this many blocks back. */
const BLOCK_HASH_WINDOW = 256n;

export const NO_BLOCK_OVERRIDES: BlockOverrides = {
  number: null,
  time: null,
  gasLimit: null,
  feeRecipient: null,
  prevRandao: null,
  baseFeePerGas: null,
  blobBaseFee: null,
};

/** The block with some of its facts replaced. */
export function overrideBlock(block: BlockFacts, overrides: BlockOverrides): BlockFacts {
  return {
    chainId: block.chainId,
    number: overrides.number ?? block.number,
    timestamp: overrides.time ?? block.timestamp,
    coinbase: overrides.feeRecipient ?? block.coinbase,
    gasLimit: overrides.gasLimit ?? block.gasLimit,
    baseFeePerGas: overrides.baseFeePerGas ?? block.baseFeePerGas,
    prevRandao: overrides.prevRandao ?? block.prevRandao,
    blobBaseFee: overrides.blobBaseFee ?? block.blobBaseFee,
  };
}

/** As code sees it, with the final blocks before it. */
export function environmentOf(block: BlockFacts, source: Pick<StateSource, 'blockHash'>): BlockEnvironment {
  return {
    ...block,
    blockHash: (number) => {
      if (number < 0n || number >= block.number || number < block.number - BLOCK_HASH_WINDOW) return null;
      return source.blockHash(number);
    },
  };
}
