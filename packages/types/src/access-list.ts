import type { Address } from './ids.ts';

/** EIP-7928, with 32-bit indices: 0 = system calls, 1 … d deliveries, then transactions, last + 1 = settlement. */
export interface StorageChange {
  readonly slot: bigint;
  /** Sorted by index, one per index; the post-value at that index. */
  readonly changes: readonly { readonly index: number; readonly value: bigint }[];
}

export interface AccountAccess {
  readonly address: Address;
  /** Sorted by slot. */
  readonly storageChanges: readonly StorageChange[];
  /** Slots read and never changed, sorted. */
  readonly storageReads: readonly bigint[];
  readonly balanceChanges: readonly { readonly index: number; readonly balance: bigint }[];
  readonly nonceChanges: readonly { readonly index: number; readonly nonce: bigint }[];
  readonly codeChanges: readonly { readonly index: number; readonly code: Uint8Array }[];
}

/** Every account that a chunk touched, sorted by address. */
export type BlockAccessList = readonly AccountAccess[];
