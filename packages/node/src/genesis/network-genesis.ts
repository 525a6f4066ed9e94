import {
  type Address,
  DEFAULT_CHUNK_DEADLINE_MS,
  DEFAULT_DELTA_MS,
  DEFAULT_EPOCH_LENGTH,
  DEFAULT_MAX_IDLE_MS,
  type Genesis,
  type Validator,
  ZERO_ADDRESS,
} from '@heddle/types';
import { type CommonGenesisOptions, commonGenesis } from './common-genesis.ts';

/** What a network of machines is made from; the command line has checked the ranges. */
export interface NetworkGenesisOptions extends CommonGenesisOptions {
  /** Of epoch 0, with their proofs of possession. */
  readonly validators: readonly Validator[];
  /** Who may change the validator registry; null = nobody. */
  readonly registryOwner: Address | null;
}

/** The genesis of a network whose validators run each in a process of its own: no devnet, with the protocol's own times. */
export function createNetworkGenesis(options: NetworkGenesisOptions): Genesis {
  return {
    ...commonGenesis(options),
    validators: options.validators,
    epochLength: BigInt(DEFAULT_EPOCH_LENGTH),
    registryOwner: options.registryOwner ?? ZERO_ADDRESS,
    deltaMs: DEFAULT_DELTA_MS,
    chunkDeadlineMs: DEFAULT_CHUNK_DEADLINE_MS,
    maxIdleMs: DEFAULT_MAX_IDLE_MS,
    devnet: false,
  };
}
