import { PREDEPLOYS } from '@heddle/contracts';
import { EMPTY_BYTES, hexToBytes } from '@heddle/primitives';
import type { Address, GenesisAccount } from '@heddle/types';

/** What stands in a new network's state. */
export interface AllocationOptions {
  /** 1 … 64. */
  readonly shardCount: number;
  /** Funded accounts, each with `balanceWei`. */
  readonly accounts: readonly Address[];
  readonly balanceWei: bigint;
}

/** The contracts of the protocol, and funded accounts. */
export function genesisAllocation({
  accounts,
  balanceWei,
  shardCount,
}: AllocationOptions): ReadonlyMap<Address, GenesisAccount> {
  const alloc = new Map<Address, GenesisAccount>();
  for (const { address, code, nonce, presence, residence } of PREDEPLOYS) {
    if (presence === 'sharded' && shardCount === 1) continue;
    const shard = residence === 'firstShard' ? 0 : null;
    alloc.set(address, { balance: 0n, nonce, code: hexToBytes(code), storage: new Map(), shard });
  }
  for (const address of accounts) {
    alloc.set(address, { balance: balanceWei, nonce: 0n, code: EMPTY_BYTES, storage: new Map(), shard: null });
  }
  return alloc;
}
