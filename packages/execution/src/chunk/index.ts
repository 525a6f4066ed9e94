export { sendAllowances } from './allowance.ts';
export { nextBaseFee } from './base-fee.ts';
export {
  assembleBlockHeader,
  type BlockParts,
  blockTimestamp,
  commitRoots,
  mixRandao,
  type SectionInBlock,
} from './block-header.ts';
export { deliveryBudget, gasTarget, heightsToCover, maxMessageWeight, missedHeights } from './budgets.ts';
export {
  assembleChunkHeader,
  type ChunkRoots,
  chunkRoots,
  type GenesisChunk,
  genesisChunkHeader,
} from './chunk-header.ts';
export { type SupplyChange, supplyChange, weiInFlight } from './conservation.ts';
export { chunkEnvironment } from './environment.ts';
export { canonicalEmptyContext, executeChunk } from './execute-chunk.ts';
export { produceChunk } from './produce-chunk.ts';
export type {
  AncestorBlock,
  ChunkContext,
  ChunkOutcome,
  ExecutedTransaction,
  RejectedTransaction,
} from './types.ts';
