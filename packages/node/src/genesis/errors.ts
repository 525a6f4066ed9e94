import { HeddleError } from '@heddle/primitives';
import type { Address } from '@heddle/types';

/** An allocation that cannot be laid out over the shards. */
export class GenesisAllocationError extends HeddleError<{
  readonly address: Address;
}> {
  readonly code = 'GENESIS_ALLOCATION';

  constructor(address: Address, problem: string) {
    super(`genesis allocation of ${address}: ${problem}`, { address });
  }
}
