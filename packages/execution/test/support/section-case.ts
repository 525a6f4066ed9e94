import { BEACON_ROOTS_CODE, HISTORY_STORAGE_CODE } from '@heddle/contracts';
import { EMPTY_BYTES, hexToBytes } from '@heddle/primitives';
import { genesisLayer, type StateSnapshot } from '@heddle/state';
import {
  type AccountAccess,
  type Address,
  BEACON_ROOTS_ADDRESS,
  type ChunkHeader,
  HISTORY_STORAGE_ADDRESS,
  type RecoveredTransaction,
  type ShardId,
  ZERO_HASH,
} from '@heddle/types';
import { type FlatAccount, type FlatState, spreadState } from '../../scripts/spread-state.ts';
import { genesisChunkHeader, type SectionContext, type SectionOutcome } from '../../src/index.ts';
import { addressOf, personOf } from './chunk-people.ts';
import { transactionOf } from './chunk-transactions.ts';

/* Two shards, an account at home on each, and sections at height 5 and time 1,000. */

export const SHARDS = 2;
export const HEIGHT = 5n;
export const TIME = 1_000n;
export const BASE_FEE = 7n;
export const GAS_LIMIT = 60_000_000n;
export const ETHER: bigint = 10n ** 18n;
/** At home on shard 0. */
export const ALICE: Address = personOf(0, SHARDS, 0).address;
/** At home on shard 1. */
export const BOB: Address = personOf(1, SHARDS, 0).address;
/** Has nothing; at home on shard 0. */
export const COINBASE: Address = addressOf(0, SHARDS, 900);

/** A contract of a test, and where it resides. */
export interface TestContract {
  readonly address: Address;
  readonly code: Uint8Array;
  readonly shard: ShardId;
  /** Wei. */
  readonly balance?: bigint;
}

const storage: ReadonlyMap<bigint, bigint> = new Map();

/** States of both shards with these contracts, and accounts with a balance at home. */
export function flatStates(
  contracts: readonly TestContract[],
  balances: ReadonlyMap<Address, bigint> = new Map(),
): readonly FlatState[] {
  const accounts = new Map<Address, FlatAccount>();
  for (const [address, balance] of [[ALICE, ETHER], [BOB, ETHER], ...balances] as const) {
    accounts.set(address, { nonce: 0n, balance, code: EMPTY_BYTES, storage });
  }
  for (const [address, code] of [
    [BEACON_ROOTS_ADDRESS, BEACON_ROOTS_CODE],
    [HISTORY_STORAGE_ADDRESS, HISTORY_STORAGE_CODE],
  ] as const) {
    accounts.set(address, { nonce: 1n, balance: 0n, code: hexToBytes(code), storage });
  }
  for (const { address, code, balance = 0n } of contracts) accounts.set(address, { nonce: 1n, balance, code, storage });
  return spreadState(accounts, SHARDS, (address) => contracts.find((each) => each.address === address)?.shard ?? 0);
}

export function statesWith(
  contracts: readonly TestContract[],
  balances: ReadonlyMap<Address, bigint> = new Map(),
): readonly StateSnapshot[] {
  return flatStates(contracts, balances).map((state) => genesisLayer(state));
}

/** New chunks of both shards that have seen everything; `changes` by shard. */
export function chunksWith(...changes: readonly Partial<ChunkHeader>[]): readonly ChunkHeader[] {
  return Array.from({ length: SHARDS }, (_, shard) => ({
    ...genesisChunkHeader({
      shard,
      shardCount: SHARDS,
      stateRoot: ZERO_HASH,
      gasLimit: GAS_LIMIT,
      baseFeePerGas: BASE_FEE,
      timestamp: TIME,
    }),
    height: HEIGHT,
    coveredHeight: HEIGHT,
    ...changes[shard],
  }));
}

export function sectionContext(changes: Partial<SectionContext> = {}): SectionContext {
  return {
    chainId: 31_337n,
    height: HEIGHT,
    timestamp: TIME,
    coinbase: COINBASE,
    prevRandao: ZERO_HASH,
    parentBeaconBlockRoot: `0x${'be'.repeat(32)}`,
    gasLimit: GAS_LIMIT,
    baseFeePerGas: BASE_FEE,
    ancestor: () => null,
    chunks: chunksWith(),
    ...changes,
  };
}

/** What of a transaction a test cares about. */
export interface TransactionCase {
  readonly from: Address;
  readonly to: Address | null;
  readonly nonce?: bigint;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly gasLimit?: bigint;
}

export function transact(transaction: TransactionCase): RecoveredTransaction {
  const fees = { maxFeePerGas: BASE_FEE + 1n, maxPriorityFeePerGas: 1n };
  return transactionOf({ nonce: 0n, value: 0n, data: EMPTY_BYTES, gasLimit: 1_000_000n, ...fees, ...transaction });
}

/** What the access list of `shard` says of an account; undefined = it is not in it. */
export function accessOf(outcome: SectionOutcome, shard: ShardId, address: Address): AccountAccess | undefined {
  return outcome.accessLists[shard]?.find((access) => access.address === address);
}

/** A word that the section left in an account of `shard`; undefined = it did not change. */
export function wordOn(outcome: SectionOutcome, shard: ShardId, address: Address, slot: bigint): bigint | undefined {
  return outcome.changes[shard]?.storage.get(address)?.get(slot);
}
