import type { Address } from '@heddle/types';
import type { BlockEnvironment } from '../transaction/types.ts';
import type { World } from '../world/world.ts';
import type { Watch } from './watch.ts';

/** What all frames of one transaction share. */
export interface Machine extends Watch {
  readonly world: World;
  readonly environment: BlockEnvironment;
  /** ORIGIN. */
  readonly origin: Address;
  /** GASPRICE, wei. */
  readonly gasPrice: bigint;
  /** BLOBHASH; empty but for a type 3. */
  readonly blobHashes: readonly bigint[];
}
