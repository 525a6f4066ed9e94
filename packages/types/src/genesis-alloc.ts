import { EMPTY_BYTES, MAX_U64, MAX_U256 } from '@heddle/primitives';
import { InvalidGenesisError } from './errors.ts';
import type { GenesisAccount } from './genesis.ts';
import {
  type JsonObject,
  readAddress,
  readData,
  readInteger,
  readObject,
  readQuantity,
  readWord,
  refuseUnknownKeys,
} from './genesis-values.ts';
import type { Address, ShardId } from './ids.ts';

/** `secretKey` is what geth's tools leave in files of test accounts; it has no effect. */
const ACCOUNT_KEYS: readonly string[] = ['balance', 'nonce', 'code', 'storage', 'secretKey'];

/** The accounts in ascending order of address, with the residence of preset contracts. Throws InvalidGenesisError. */
export function readAlloc(
  value: unknown,
  residence: ReadonlyMap<Address, ShardId>,
): ReadonlyMap<Address, GenesisAccount> {
  const accounts: [Address, GenesisAccount][] = [];
  const seen = new Set<Address>();
  for (const [name, entry] of Object.entries(readObject(value ?? {}, 'alloc'))) {
    const key = `alloc.${name}`;
    const address = readAddress(name, key);
    if (seen.has(address)) throw new InvalidGenesisError(key, 'the address is listed twice');
    seen.add(address);
    accounts.push([address, readAccount(readObject(entry, key), key, residence.get(address) ?? null)]);
  }
  // Balances are sums of parts of it: one that no word can hold must not come about.
  if (accounts.reduce((sum, [, { balance }]) => sum + balance, 0n) > MAX_U256) {
    throw new InvalidGenesisError('alloc', 'all balances together are above 2^256 − 1 wei');
  }
  const alloc = new Map(accounts.sort(([a], [b]) => (a < b ? -1 : 1)));
  for (const address of residence.keys()) {
    if ((alloc.get(address)?.code.length ?? 0) === 0) {
      throw new InvalidGenesisError(
        `config.heddle.residence.${address}`,
        'alloc has no contract at this address; accounts without code live where their address says',
      );
    }
  }
  return alloc;
}

/** `config.heddle.residence`: shards of preset contracts. */
export function readResidence(value: unknown, shardCount: number): ReadonlyMap<Address, ShardId> {
  const residence = new Map<Address, ShardId>();
  for (const [name, shard] of Object.entries(readObject(value ?? {}, 'config.heddle.residence'))) {
    const key = `config.heddle.residence.${name}`;
    const address = readAddress(name, key);
    if (residence.has(address)) throw new InvalidGenesisError(key, 'the address is listed twice');
    residence.set(address, readInteger(shard, key, 0, shardCount - 1));
  }
  return residence;
}

function readAccount(account: JsonObject, key: string, shard: ShardId | null): GenesisAccount {
  refuseUnknownKeys(account, ACCOUNT_KEYS, `${key}.`);
  return {
    balance: readQuantity(account.balance ?? 0, `${key}.balance`, MAX_U256),
    // EIP-2681: the nonce of an account that can still act.
    nonce: readQuantity(account.nonce ?? 0, `${key}.nonce`, MAX_U64 - 1n),
    code: account.code === undefined ? EMPTY_BYTES : readData(account.code, `${key}.code`),
    storage: readStorage(account.storage ?? {}, `${key}.storage`),
    shard,
  };
}

/** Ascending by slot; a word of zero is an absent one. */
function readStorage(value: unknown, key: string): ReadonlyMap<bigint, bigint> {
  const words: [bigint, bigint][] = [];
  const seen = new Set<bigint>();
  for (const [name, text] of Object.entries(readObject(value, key))) {
    const slot = readWord(name, `${key}.${name}`);
    if (seen.has(slot)) throw new InvalidGenesisError(`${key}.${name}`, 'the slot is listed twice');
    seen.add(slot);
    const word = readWord(text, `${key}.${name}`);
    if (word !== 0n) words.push([slot, word]);
  }
  return new Map(words.sort(([a], [b]) => (a < b ? -1 : 1)));
}
