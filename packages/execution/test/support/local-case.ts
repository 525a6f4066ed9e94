import { hexToBytes, signDigest } from '@heddle/primitives';
import { createShardRules, type ShardRules } from '@heddle/sharding';
import type { StateSnapshot } from '@heddle/state';
import {
  type AccessList,
  type Address,
  authorizationDigest,
  delegationCode,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import { type ChunkContext, type ChunkOutcome, produceChunk } from '../../src/index.ts';
import { ChunkNetwork } from './chunk-network.ts';
import { addressOf, type Person, personOf } from './chunk-people.ts';
import { COUNTER, FACTORY } from './chunk-programs.ts';

/* Chunks of shard 0 of 2, with accounts of both at hand. */

export const GWEI: bigint = 10n ** 9n;
export const ETHER: bigint = 10n ** 18n;
export const alice: Person = personOf(0, 2, 0);
export const carol: Person = personOf(0, 2, 1);
export const bob: Person = personOf(1, 2, 0);
/** Nobody yet, at home on either shard. */
export const NEARBY: Address = addressOf(0, 2, 30);
export const AWAY: Address = addressOf(1, 2, 30);
/** Contracts by where they live; each is at home on the other shard. */
export const HERE: Address = addressOf(1, 2, 10);
export const THERE: Address = addressOf(0, 2, 10);
export const factory: Address = addressOf(1, 2, 11);
export const saltedFactory: Address = addressOf(1, 2, 12);
/** Delegated to a contract of shard 1 (EIP-7702). */
export const delegated: Address = addressOf(0, 2, 13);
/** Burns 1.4 million gas, then reads the balance of the argument. */
export const burner: Address = addressOf(0, 2, 14);
const BURNER: Uint8Array = hexToBytes('0x5b61ea605a115f575f35315000');
/** CREATE2 of the call data with salt 0 and the call value. */
export const SALTED_FACTORY: Uint8Array = hexToBytes('0x365f5f375f365f34f500');
export interface Case {
  readonly network: ChunkNetwork;
  readonly context: ChunkContext;
  readonly state: StateSnapshot;
}

/** Contracts of shard 0 that run this, with 1,000 wei each, in a network of two shards. */
export function caseOf(
  codes: readonly string[],
  coinbase: Address = NEARBY,
  others: readonly Person[] = [],
): Case & { readonly programs: readonly Address[] } {
  const programs = codes.map((_, i) => addressOf(0, 2, 100 + i));
  const here: readonly (readonly [Address, Uint8Array])[] = [
    ...codes.map((code, i) => [addressOf(0, 2, 100 + i), hexToBytes(`0x${code}`)] as const),
    [HERE, COUNTER],
    [factory, FACTORY],
    [saltedFactory, SALTED_FACTORY],
    [burner, BURNER],
    [delegated, delegationCode(THERE)],
  ];
  const rich = [alice, carol, bob, ...others].map(({ address }) => [address, 100n * ETHER] as const);
  const network = new ChunkNetwork({
    shardCount: 2,
    balances: new Map([...rich, ...programs.map((address) => [address, 1_000n] as const)]),
    contracts: [
      ...here.map(([address, code]) => ({ address, shard: 0, code })),
      { address: THERE, shard: 1, code: COUNTER },
    ],
    gasLimit: 30_000_000n,
    baseFeePerGas: GWEI,
    dispatch: false,
  });
  return { network, programs, context: network.context(0, coinbase), state: network.state(0) };
}

export const rules: ShardRules = createShardRules({ shard: 0, shardCount: 2 });

export function produce({ context, state }: Case, candidates: readonly RecoveredTransaction[]): ChunkOutcome {
  return produceChunk(context, state, rules, candidates, context.gasLimit);
}

export interface Sent {
  readonly from?: Person;
  readonly nonce?: bigint;
  readonly to: Address | null;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly gasLimit?: bigint;
  readonly accessList?: AccessList;
}

const FEES = { chainId: 31_337n, maxFeePerGas: 9n * GWEI, maxPriorityFeePerGas: GWEI } as const;
const NO_DATA: Uint8Array = new Uint8Array(0);

export function send({
  from = alice,
  nonce = 0n,
  to,
  value = 0n,
  data = NO_DATA,
  ...rest
}: Sent): RecoveredTransaction {
  const { gasLimit = 500_000n, accessList = [] } = rest;
  return signTransaction({ type: 2, ...FEES, nonce, to, value, data, gasLimit, accessList }, from.privateKey);
}

/** A type 4 that delegates these accounts to `delegate` and calls `to`. */
export function authorize(
  authorities: readonly Person[],
  delegate: Address,
  to: Address,
  nonce = 0n,
  from: Person = alice,
): RecoveredTransaction {
  const authorizationList = authorities.map(({ privateKey }) => {
    const unsigned = { chainId: FEES.chainId, address: delegate, nonce };
    return { ...unsigned, ...signDigest(authorizationDigest(unsigned), privateKey) };
  });
  const base = { nonce: 0n, to, value: 0n, data: NO_DATA, gasLimit: 500_000n, accessList: [] };
  return signTransaction({ type: 4, ...FEES, ...base, authorizationList }, from.privateKey);
}
