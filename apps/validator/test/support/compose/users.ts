import { bytesToHex } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import type { Hex } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { deriveAccounts } from '../../../src/devnet/accounts.ts';

/** The accounts that both the devnet and anvil fund, if asked for as many. */
export const FUNDED_ACCOUNTS = 16;
const MNEMONIC = 'test test test test test test test test test test test junk';
/** The most shards on which the suites run; with fewer, the same users share them. */
const MOST_SHARDS = 4;
const USERS_OF_A_SHARD = 2;

/** Private keys of two users of each of four shards, on every network the same, in the order of shards. */
export function fundedKeys(): readonly Hex[] {
  const funded = deriveAccounts(MNEMONIC, FUNDED_ACCOUNTS);
  return Array.from({ length: MOST_SHARDS }, (_, shard) => {
    const residents = funded.filter(({ address }) => home(address, MOST_SHARDS) === shard).slice(0, USERS_OF_A_SHARD);
    if (residents.length < USERS_OF_A_SHARD) throw new Error(`shard ${shard} has ${residents.length} funded accounts`);
    return residents.map(({ privateKey }) => bytesToHex(privateKey));
  }).flat();
}

/** Those users: 0 and 1 are neighbours, 0 and 7 share a home only where there is no other. */
export function fundedUsers(): readonly PrivateKeyAccount[] {
  return fundedKeys().map((key) => privateKeyToAccount(key));
}
