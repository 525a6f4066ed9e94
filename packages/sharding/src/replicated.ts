import {
  type Address,
  BEACON_ROOTS_ADDRESS,
  DIRECTORY_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  MESSENGER_ADDRESS,
  PRECOMPILE_ADDRESSES,
} from '@heddle/types';

/** At the same address on every shard, each with its own storage: calls to them are always local. */
export const REPLICATED_ADDRESSES: ReadonlySet<Address> = new Set<Address>([
  DIRECTORY_ADDRESS,
  MESSENGER_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  BEACON_ROOTS_ADDRESS,
  ...Object.values(PRECOMPILE_ADDRESSES),
]);
