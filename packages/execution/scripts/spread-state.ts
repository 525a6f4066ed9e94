import { DIRECTORY_CODE, MESSENGER_CODE } from '@heddle/contracts';
import { hexToBytes, keccak256, keccak256Hex, utf8ToBytes } from '@heddle/primitives';
import { CODE_REPLICAS, genesisDirectoryWrites, HISTORY_CONTRACTS, home, WHOLE_REPLICAS } from '@heddle/sharding';
import type { StateChanges } from '@heddle/state';
import {
  type Address,
  DIRECTORY_ADDRESS,
  EMPTY_CODE_HASH,
  type Hash,
  isContractCode,
  MESSENGER_ADDRESS,
  type ShardId,
} from '@heddle/types';

/** An account of one Ethereum state. */
export interface FlatAccount {
  readonly nonce: bigint;
  /** Wei. */
  readonly balance: bigint;
  readonly code: Uint8Array;
  readonly storage: ReadonlyMap<bigint, bigint>;
}

type Values = Omit<FlatAccount, 'code' | 'storage'> & { readonly codeHash: Hash };

/** A state that can be listed, which tries cannot. */
export class FlatState implements StateChanges {
  readonly accounts: Map<Address, Values> = new Map();
  readonly storage: Map<Address, Map<bigint, bigint>> = new Map();
  readonly codes: Map<Hash, Uint8Array> = new Map();

  put(address: Address, { nonce, balance, code, storage }: FlatAccount): void {
    const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
    this.accounts.set(address, { nonce, balance, codeHash });
    this.codes.set(codeHash, code);
    const words = [...storage].filter(([, value]) => value !== 0n);
    if (words.length > 0) this.storage.set(address, new Map(words));
  }

  apply(changes: StateChanges): void {
    for (const [codeHash, code] of changes.codes) this.codes.set(codeHash, code);
    for (const [address, words] of changes.storage) this.#write(address, words);
    for (const [address, values] of changes.accounts) {
      if (values !== null) {
        this.accounts.set(address, values);
        this.#checkCode(address, values.codeHash);
      } else {
        this.accounts.delete(address);
        this.storage.delete(address);
      }
    }
  }

  /** A code that a state lacks is found here, not when somebody calls it. */
  #checkCode(address: Address, codeHash: Hash): void {
    if (codeHash === EMPTY_CODE_HASH || this.codes.has(codeHash)) return;
    throw new Error(`${address} has code that its shard does not have`);
  }

  #write(address: Address, words: ReadonlyMap<bigint, bigint>): void {
    const stored = this.storage.get(address) ?? new Map<bigint, bigint>();
    for (const [slot, value] of words) {
      if (value === 0n) stored.delete(slot);
      else stored.set(slot, value);
    }
    this.storage.set(address, stored);
  }
}

/**
 * One Ethereum state as those of many shards: accounts without contract code at home, contracts where `residenceOf` puts them, in
 * the directory in two words, the history contracts on every shard with balance and nonce at home.
 */
export function spreadState(
  accounts: ReadonlyMap<Address, FlatAccount>,
  shardCount: number,
  residenceOf: (address: Address) => ShardId,
): readonly FlatState[] {
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  const states = shards.map(() => new FlatState());
  const contracts: { readonly address: Address; readonly shard: ShardId }[] = [];
  for (const [address, account] of accounts) {
    if (HISTORY_CONTRACTS.has(address)) spreadReplica(states, address, account);
    const isContract = isContractCode(account.code) && !CODE_REPLICAS.has(address);
    const shard = isContract ? residenceOf(address) : home(address, shardCount);
    if (isContract) contracts.push({ address, shard });
    states[shard]?.put(address, account);
  }
  for (const [shard, state] of states.entries()) {
    const writes = genesisDirectoryWrites(contracts, shard, shardCount);
    const words = new Map(writes.map(({ slot, value }) => [slot, value]));
    state.put(DIRECTORY_ADDRESS, { nonce: 1n, balance: 0n, code: hexToBytes(DIRECTORY_CODE), storage: words });
    state.put(MESSENGER_ADDRESS, { nonce: 1n, balance: 0n, code: hexToBytes(MESSENGER_CODE), storage: new Map() });
  }
  return states;
}

function spreadReplica(states: readonly FlatState[], address: Address, { code, storage }: FlatAccount): void {
  for (const state of states) state.put(address, { nonce: 1n, balance: 0n, code, storage });
}

/** Some shard for each contract, another one by another seed. */
export function residenceBySeed(shardCount: number, seed: number): (address: Address) => ShardId {
  return (address) => (keccak256(utf8ToBytes(`${seed} ${address}`))[0] ?? 0) % shardCount;
}

/**
 * The states of all shards as one Ethereum state, without what every shard has whole. Of the history contracts the words are
 * those of `historyShard`. Throws where an account is on two shards, or not where the directory says.
 */
export function joinStates(states: readonly FlatState[], historyShard: ShardId): FlatState {
  const union = new FlatState();
  for (const [shard, state] of states.entries()) {
    for (const [codeHash, code] of state.codes) union.codes.set(codeHash, code);
    for (const [address, values] of state.accounts) {
      if (WHOLE_REPLICAS.has(address)) continue;
      if (HISTORY_CONTRACTS.has(address) && home(address, states.length) !== shard) continue;
      if (union.accounts.has(address)) throw new Error(`${address} is on two shards, one of them ${shard}`);
      union.accounts.set(address, values);
      const words = (HISTORY_CONTRACTS.has(address) ? states[historyShard] : state)?.storage.get(address);
      if (words !== undefined && words.size > 0) union.storage.set(address, words);
    }
  }
  checkDirectory(states);
  return union;
}

/** Every account that is not at home is listed there and where it is. */
function checkDirectory(states: readonly FlatState[]): void {
  const shardCount = states.length;
  for (const [shard, state] of states.entries()) {
    const expected = new Map<bigint, bigint>();
    for (const [residence, { accounts }] of states.entries()) {
      const contracts = [...accounts.keys()]
        .filter((address) => !WHOLE_REPLICAS.has(address) && !CODE_REPLICAS.has(address))
        .map((address) => ({ address, shard: residence }));
      for (const { slot, value } of genesisDirectoryWrites(contracts, shard, shardCount)) expected.set(slot, value);
    }
    const words = state.storage.get(DIRECTORY_ADDRESS) ?? new Map<bigint, bigint>();
    const isSame = words.size === expected.size && [...expected].every(([slot, value]) => words.get(slot) === value);
    if (!isSame) throw new Error(`the directory of shard ${shard} has ${words.size} words, not the ${expected.size}`);
  }
}
