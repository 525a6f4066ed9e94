import type { ShardRules, StorageWrite } from '@heddle/sharding';
import type { Address, ShardId } from '@heddle/types';
import type { BlockEnvironment } from '../transaction/types.ts';
import type { World } from '../world/world.ts';

/** A contract whose creation has begun. */
export interface CreatedContract {
  readonly address: Address;
  /** The directory words that list it, as they were before. */
  readonly wordsBefore: readonly StorageWrite[];
}

/** What all frames of one transaction share. */
export interface Machine {
  readonly world: World;
  readonly environment: BlockEnvironment;
  readonly rules: ShardRules;
  /** ORIGIN. */
  readonly origin: Address;
  /** GASPRICE, wei. */
  readonly gasPrice: bigint;
  /** BLOBHASH; empty but for a type 3. */
  readonly blobHashes: readonly bigint[];
  /** Contracts whose creation has begun and was not undone, in order. A failing frame cuts off its own. */
  readonly created: CreatedContract[];
  /** The last contract of another shard that the code ran into; explains failures. */
  remoteContract: { readonly address: Address; readonly shard: ShardId } | null;
}
