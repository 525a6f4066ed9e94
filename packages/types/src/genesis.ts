import type { Validator } from './consensus.ts';
import type { Address, Hash, ShardId } from './ids.ts';

/** One account of the genesis allocation. */
export interface GenesisAccount {
  readonly balance: bigint;
  readonly nonce: bigint;
  /** Empty for an account without code. */
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<bigint, bigint>;
  /** Residence of a preset contract; null = home(address). */
  readonly shard: ShardId | null;
}

/** geth's genesis.json with `config.heddle`, parsed and checked. Same file, same genesis hash everywhere. */
export interface Genesis {
  readonly chainId: bigint;
  /** Seconds. */
  readonly timestamp: bigint;
  readonly extraData: Uint8Array;
  readonly mixHash: Hash;
  readonly coinbase: Address;
  readonly baseFeePerGas: bigint;
  /** Gas limit of one chunk. */
  readonly chunkGasLimit: bigint;
  /** L, gas limit of a block's section. Without meaning when there is one shard. */
  readonly globalGasLimit: bigint;
  /** Whether chunks may dispatch calls to contracts of other shards, as messages. */
  readonly dispatch: boolean;
  readonly shardCount: number;
  /** The set of epoch 0. */
  readonly validators: readonly Validator[];
  /** L, blocks: epoch e covers heights e·L + 1 … (e + 1)·L. */
  readonly epochLength: bigint;
  /** Who may change the validator registry; the zero address = nobody. */
  readonly registryOwner: Address;
  /** Δ of the view timers. */
  readonly deltaMs: number;
  /** Chunk deadline D. */
  readonly chunkDeadlineMs: number;
  /** How long a leader may wait with no work before a heartbeat block; null = for ever. */
  readonly maxIdleMs: number | null;
  /** Least time between blocks while busy; 0 = none. */
  readonly blockTimeMs: number;
  /** Devnet control methods are valid only where this is true. */
  readonly devnet: boolean;
  readonly alloc: ReadonlyMap<Address, GenesisAccount>;
}
