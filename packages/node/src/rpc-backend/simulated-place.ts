import { ImpossibleStateError } from '@heddle/primitives';
import type { BlockFacts, StatePoint } from '@heddle/simulation';
import { BLOB_BASE_FEE, type Block, type Genesis, type Hash, stateRootsOf } from '@heddle/types';
import type { Chain } from '../chain/chain.ts';
import { requireState } from './state-at.ts';

/** Throws `ImpossibleStateError`: RPC has seen that block. */
export function finalBlockAt({ store }: Chain, number: bigint): Block {
  const block = store.blockByNumber(number);
  if (block === null) throw new ImpossibleStateError(`there is no final block ${number}`);
  return block;
}

/** As `finalBlockAt`. */
export function finalHashAt({ store }: Chain, number: bigint): Hash {
  const hash = store.blockHashByNumber(number);
  if (hash === null) throw new ImpossibleStateError(`there is no final block ${number}`);
  return hash;
}

/** The state of all shards after a block, its section included. Throws `StateUnavailableError` of @heddle/state. */
export function pointAfter({ store }: Chain, block: Block): StatePoint {
  const { chunks, header } = block;
  requireState(store, header.number);
  // The lowest shard whose rings of block hashes and beacon roots reach up to the block.
  const covered = chunks.findIndex((chunk) => chunk.header.coveredHeight === header.number);
  return { roots: stateRootsOf(block), historyShard: Math.max(covered, 0) };
}

/** The block as its header shows it. A transaction in a chunk sees the chunk's own time, fee, limit and coinbase. */
export function factsOf({ header }: Block, { chainId }: Genesis): BlockFacts {
  return {
    chainId,
    number: header.number,
    timestamp: header.timestamp,
    coinbase: header.coinbase,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas,
    prevRandao: header.mixHash,
    blobBaseFee: BLOB_BASE_FEE,
  };
}

/** The next block, at `nowSeconds` or, should that be no later, in the second after the last one. */
export function nextBlock(block: BlockFacts, nowSeconds: bigint): BlockFacts {
  const timestamp = nowSeconds > block.timestamp ? nowSeconds : block.timestamp + 1n;
  return { ...block, number: block.number + 1n, timestamp };
}
