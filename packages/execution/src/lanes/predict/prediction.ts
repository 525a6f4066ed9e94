import type { Address } from '@heddle/types';

/**
 * What one transaction will touch, as far as anybody can tell. A key that occurs twice is written if either says so.
 * A wrong prediction costs time, never correctness.
 */
export interface Prediction {
  readonly accounts: readonly PredictedAccount[];
  readonly slots: readonly PredictedSlot[];
}

export interface PredictedAccount {
  readonly address: Address;
  /** Whether its nonce, balance or code changes; its storage has keys of its own. */
  readonly written: boolean;
}

export interface PredictedSlot {
  readonly address: Address;
  readonly slot: bigint;
  readonly written: boolean;
}
