import { EMPTY_BYTES } from '@heddle/primitives';
import {
  type Address,
  DEFAULT_CHUNK_DEADLINE_MS,
  DEFAULT_DELTA_MS,
  DEFAULT_EPOCH_LENGTH,
  DEFAULT_MAX_IDLE_MS,
  type Genesis,
  type Validator,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '@heddle/types';
import { type AllocationOptions, genesisAllocation } from './allocation.ts';
import { CHUNK_GAS_LIMIT, INITIAL_BASE_FEE } from './devnet-genesis.ts';

/** What a network of machines is made from; the command line has checked the ranges. */
export interface NetworkGenesisOptions extends AllocationOptions {
  readonly chainId: bigint;
  /** Of epoch 0, with their proofs of possession. */
  readonly validators: readonly Validator[];
  /** Who may change the validator registry; null = nobody. */
  readonly registryOwner: Address | null;
  /** Least time between blocks while busy, milliseconds; 0 = none. */
  readonly blockTimeMs: number;
  /** Seconds. */
  readonly timestamp: bigint;
}

/** The genesis of a network whose validators run each in a process of its own: no devnet, with the protocol's own times. */
export function createNetworkGenesis(options: NetworkGenesisOptions): Genesis {
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
    validators: options.validators,
    epochLength: BigInt(DEFAULT_EPOCH_LENGTH),
    registryOwner: options.registryOwner ?? ZERO_ADDRESS,
    deltaMs: DEFAULT_DELTA_MS,
    chunkDeadlineMs: DEFAULT_CHUNK_DEADLINE_MS,
    maxIdleMs: DEFAULT_MAX_IDLE_MS,
    blockTimeMs: options.blockTimeMs,
    devnet: false,
    alloc: genesisAllocation(options),
  };
}
