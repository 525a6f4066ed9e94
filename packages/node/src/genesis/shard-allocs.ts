import { REGISTRY_ADDRESS } from '@heddle/contracts';
import { CODE_REPLICAS, type GenesisContract, genesisDirectoryWrites, home, WHOLE_REPLICAS } from '@heddle/sharding';
import {
  type Address,
  DIRECTORY_ADDRESS,
  type Genesis,
  type GenesisAccount,
  isContractCode,
  MESSENGER_ADDRESS,
  type ShardId,
} from '@heddle/types';
import { registryGenesisStorage } from '../epochs/registry-storage.ts';
import { GenesisAllocationError } from './errors.ts';

/** The accounts of one shard's genesis state. */
export type ShardAlloc = ReadonlyMap<Address, GenesisAccount>;

/**
 * The genesis allocation laid out over the shards, one entry per shard. An account is in the state of its residence; a
 * replicated one is in all, with its balance at home only, so that supply is what the file says. With more than one
 * shard, the directories of home and residence list each preset contract that resides away from home. The validator registry, if there is one, holds the validators.
 * Throws `GenesisAllocationError`.
 */
export function genesisShardAllocs(genesis: Genesis): readonly ShardAlloc[] {
  const { alloc, shardCount } = genesis;
  const shards = Array.from({ length: shardCount }, () => new Map<Address, GenesisAccount>());
  const contracts: GenesisContract[] = [];
  for (const [address, account] of alloc) {
    if (WHOLE_REPLICAS.has(address) || CODE_REPLICAS.has(address)) {
      placeEverywhere(shards, address, account);
      continue;
    }
    const shard = genesisResidence(address, account, shardCount);
    shards[shard]?.set(address, account);
    if (isContractCode(account.code)) contracts.push({ address, shard });
  }
  if (alloc.has(REGISTRY_ADDRESS)) fillRegistry(shards, genesis);
  if (shardCount > 1) listContracts(shards, contracts);
  return shards;
}

/** Where an account that is not replicated stands. Throws `GenesisAllocationError` when it cannot stand there. */
function genesisResidence(address: Address, account: GenesisAccount, shardCount: number): ShardId {
  const atHome = home(address, shardCount);
  const { shard } = account;
  if (shard === null) return atHome;
  if (!Number.isInteger(shard) || shard < 0 || shard >= shardCount) {
    throw new GenesisAllocationError(address, `shard ${shard} does not exist, there are ${shardCount} (from 0)`);
  }
  if (shard !== atHome && !isContractCode(account.code)) {
    throw new GenesisAllocationError(
      address,
      `only a contract can reside away from home; this account has no code and its home is shard ${atHome}`,
    );
  }
  return shard;
}

function placeEverywhere(
  shards: readonly Map<Address, GenesisAccount>[],
  address: Address,
  account: GenesisAccount,
): void {
  if (account.shard !== null) {
    throw new GenesisAllocationError(address, 'it is replicated on every shard and cannot be given one');
  }
  const atHome = home(address, shards.length);
  for (const [shard, accounts] of shards.entries()) {
    accounts.set(address, shard === atHome ? account : { ...account, balance: 0n });
  }
}

/** Writes each shard's directory words into its directory. */
function listContracts(shards: readonly Map<Address, GenesisAccount>[], contracts: readonly GenesisContract[]): void {
  for (const [shard, accounts] of shards.entries()) {
    for (const required of [DIRECTORY_ADDRESS, MESSENGER_ADDRESS]) {
      if ((accounts.get(required)?.code.length ?? 0) === 0) {
        throw new GenesisAllocationError(
          required,
          'a network of several shards needs this system contract with its code',
        );
      }
    }
    const words = genesisDirectoryWrites(contracts, shard, shards.length);
    const directory = accounts.get(DIRECTORY_ADDRESS);
    if (directory === undefined) continue;
    const storage = new Map([...directory.storage, ...words.map(({ slot, value }) => [slot, value] as const)]);
    accounts.set(DIRECTORY_ADDRESS, { ...directory, storage });
  }
}

/** Without a registry the validators of the genesis stay for ever. */
function fillRegistry(shards: readonly Map<Address, GenesisAccount>[], genesis: Genesis): void {
  const registry = shards[0]?.get(REGISTRY_ADDRESS);
  if (registry === undefined) {
    throw new GenesisAllocationError(
      REGISTRY_ADDRESS,
      'the validator registry resides on shard 0 (protocol.md, Epochs)',
    );
  }
  if (!isContractCode(registry.code))
    throw new GenesisAllocationError(REGISTRY_ADDRESS, 'the validator registry needs its code');
  const storage = new Map([...registry.storage, ...registryGenesisStorage(genesis)]);
  shards[0]?.set(REGISTRY_ADDRESS, { ...registry, storage });
}
