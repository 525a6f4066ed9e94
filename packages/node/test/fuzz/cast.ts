import { bigintToBytes, EMPTY_BYTES, hexToBytes, keccak256, privateKeyToAddress } from '@heddle/primitives';
import { home } from '@heddle/sharding';
import type { Address, GenesisAccount, ShardId } from '@heddle/types';
import type { TestAccount } from '../support/network.ts';

/** Programs in bytecode, on each shard once. An address argument is the first word of the call data. */
const PROGRAMS: readonly Uint8Array[] = [
  // Sets slot 0 to the length of the call data: with none, a refund.
  '0x365f5500',
  // Sends the call value to the argument.
  '0x5f5f5f5f345f355af15f5500',
  // Self-destructs to the argument.
  '0x5f35ff',
  // Creates a contract from the call data, with the call value.
  '0x365f5f37365f34f05f5260205ff3',
  // The same at an address that the data alone decides.
  '0x365f5f375f365f34f55f5260205ff3',
  // Burns all its gas.
  '0x5b5f56',
  // Reverts.
  '0x5f5ffd',
  // Sends half of the call value back to its caller.
  '0x5f5f5f5f3460011c335af100',
  // Runs the argument's code on itself.
  '0x5f5f5f5f5f355af43d5f5f3e3d5ff3',
].map(hexToBytes);

/** Init codes: nothing, a runtime that stops, one that reads itself, one that destroys itself, one that never ends. */
export const INIT_CODES: readonly Uint8Array[] = [
  '0x',
  '0x5f5ff3',
  '0x60015ff3',
  '0x33ff',
  '0x5b5f56',
  '0x60ef5f5360015ff3',
].map(hexToBytes);

/** Everybody that a fuzzer's transactions are from and to. */
export interface Cast {
  readonly senders: readonly TestAccount[];
  readonly contracts: readonly Address[];
  readonly alloc: ReadonlyMap<Address, GenesisAccount>;
}

/** Nearly all the wei that a word holds, over all of them. */
const WHALE_WEI: bigint = 2n ** 248n;
/** EIP-2681: two transactions below the end. */
const LAST_NONCES: bigint = 2n ** 64n - 3n;

/** On top of a test network's own accounts: on each shard a whale, an account near the end of its nonces, and programs. */
export function createCast(shardCount: number, ordinary: readonly TestAccount[]): Cast {
  const alloc = new Map<Address, GenesisAccount>();
  const senders = [...ordinary];
  const contracts: Address[] = [];
  const plain = { balance: 0n, nonce: 0n, code: EMPTY_BYTES, storage: new Map<bigint, bigint>(), shard: null };
  for (let shard = 0; shard < shardCount; shard += 1) {
    const [whale, old] = [accountOf(shard, shardCount, 1_000n), accountOf(shard, shardCount, 2_000n)];
    alloc.set(whale.address, { ...plain, balance: WHALE_WEI });
    alloc.set(old.address, { ...plain, balance: 10n ** 24n, nonce: LAST_NONCES });
    senders.push(whale, old);
    for (const [i, code] of PROGRAMS.entries()) {
      const address: Address = `0xc0de${(shard * 100 + i + 1).toString(16).padStart(36, '0')}`;
      contracts.push(address);
      alloc.set(address, { ...plain, nonce: 1n, code, shard, storage: new Map([[0n, 1n]]) });
    }
  }
  return { senders, contracts, alloc };
}

function accountOf(shard: ShardId, shardCount: number, first: bigint): TestAccount {
  for (let seed = first; ; seed += 1n) {
    const privateKey = keccak256(bigintToBytes(seed, 32));
    const address = privateKeyToAddress(privateKey);
    if (home(address, shardCount) === shard) return { address, privateKey, shard };
  }
}
