import { EMPTY_BYTES } from '@heddle/primitives';
import { type Genesis, ZERO_ADDRESS, ZERO_HASH } from '@heddle/types';
import { type AllocationOptions, genesisAllocation } from './allocation.ts';

/**
 * Above the 30 million of anvil and Hardhat: what fits there fits here. Half of it is the greatest weight of a message
 * (protocol.md, Messages), so that the heaviest transaction there can be (2^24 gas, 128 KiB at 16 gas a byte) may go to
 * any shard, and nobody has to know of shards to send it.
 */
const CHUNK_GAS_LIMIT = 40_000_000n;
/** 1 gwei: EIP-1559's initial base fee, and what devnet tools start with. */
const INITIAL_BASE_FEE = 1_000_000_000n;

/** What a genesis that is made here has, whoever runs it. */
export interface CommonGenesisOptions extends AllocationOptions {
  readonly chainId: bigint;
  /** Least time between blocks while busy, milliseconds; 0 = none. */
  readonly blockTimeMs: number;
  /** Seconds. */
  readonly timestamp: bigint;
}

/** All of it but its validators, their registry's owner, and the times of consensus. */
export function commonGenesis(
  options: CommonGenesisOptions,
): Omit<
  Genesis,
  'validators' | 'epochLength' | 'registryOwner' | 'deltaMs' | 'chunkDeadlineMs' | 'maxIdleMs' | 'devnet'
> {
  return {
    chainId: options.chainId,
    timestamp: options.timestamp,
    extraData: EMPTY_BYTES,
    mixHash: ZERO_HASH,
    coinbase: ZERO_ADDRESS,
    baseFeePerGas: INITIAL_BASE_FEE,
    chunkGasLimit: CHUNK_GAS_LIMIT,
    globalGasLimit: CHUNK_GAS_LIMIT,
    dispatch: false,
    shardCount: options.shardCount,
    blockTimeMs: options.blockTimeMs,
    alloc: genesisAllocation(options),
  };
}
