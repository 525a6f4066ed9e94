import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  PRECOMPILE_ADDRESSES,
} from '@heddle/types';

/** A whole account of its own on every shard, balance and all. */
export const WHOLE_REPLICAS: ReadonlySet<Address> = new Set<Address>([DIRECTORY_ADDRESS, MESSENGER_ADDRESS]);

/** Contracts of the protocol that every shard's system calls write (EIP-2935, EIP-4788). Users only read them. */
export const HISTORY_CONTRACTS: ReadonlySet<Address> = new Set<Address>([
  HISTORY_STORAGE_ADDRESS,
  BEACON_ROOTS_ADDRESS,
]);

/**
 * Code and storage are on every shard, balance and nonce at home: who runs the code needs no other shard, who pays it or
 * looks at its account may.
 */
export const CODE_REPLICAS: ReadonlySet<Address> = new Set<Address>([
  ...HISTORY_CONTRACTS,
  ...Object.values(PRECOMPILE_ADDRESSES),
]);
