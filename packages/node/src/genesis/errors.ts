import type { Address } from '@heddle/types';

/** An allocation that cannot be laid out over the shards. */
export class GenesisAllocationError extends Error {
  readonly code = 'GENESIS_ALLOCATION';
  readonly address: Address;

  constructor(address: Address, problem: string) {
    super(`genesis allocation of ${address}: ${problem}`);
    this.name = 'GenesisAllocationError';
    this.address = address;
  }
}
