import type { Address } from '@heddle/types';

/** Lists every contract with the home key that decides its shard. ASCII 'heddle', 01: nobody has a key to it. */
export const DIRECTORY_ADDRESS: Address = '0x00000000000000000000000000686564646c6501';

/** Holds sequences and cursors. ASCII 'heddle', 02. */
export const MESSENGER_ADDRESS: Address = '0x00000000000000000000000000686564646c6502';

/** EIP-2935. Every shard runs its system calls, so each has its own ring of block hashes (all equal). */
export const HISTORY_STORAGE_ADDRESS: Address = '0x0000f90827f1c53a10cb7a02335b175320002935';

/** EIP-4788. Written by the system calls of every shard as well. */
export const BEACON_ROOTS_ADDRESS: Address = '0x000f3df6d732807ef1319fb7b8bb8522d0beac02';

/** Osaka's precompiles: 0x01 … 0x11 and 0x100 (EIP-7951). */
const PRECOMPILES: readonly Address[] = [...Array.from({ length: 0x11 }, (_, i) => i + 1), 0x100].map(
  (number): Address => `0x${number.toString(16).padStart(40, '0')}`,
);

/** At the same address on every shard, each with its own storage: calls to them are always local. */
export const REPLICATED_ADDRESSES: ReadonlySet<Address> = new Set([
  DIRECTORY_ADDRESS,
  MESSENGER_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  BEACON_ROOTS_ADDRESS,
  ...PRECOMPILES,
]);
