import { bigintToBytes, privateKeyToAddress, signDigest } from '@heddle/primitives';
import {
  type Address,
  type Authorization,
  authorizationDigest,
  type RecoveredTransaction,
  signTransaction,
} from '@heddle/types';
import type { TrialBlock } from '../../scripts/equivalence/block.ts';
import { PROGRAM_NAMES, PROGRAMS, type ProgramName } from '../../scripts/equivalence/programs.ts';
import { ChunkNetwork } from './chunk-network.ts';

/** Someone whose key the test has. */
export interface Signer {
  readonly address: Address;
  readonly key: Uint8Array;
}

/** A transaction as a case writes it. */
export interface CaseTransaction {
  readonly from: Signer;
  readonly nonce: bigint;
  readonly to: Address | null;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly gasLimit?: bigint;
  /** Not empty: type 4. */
  readonly authorizations?: readonly Authorization[];
}

export interface CaseOptions {
  /** The case is on shard 0, and so is every program. */
  readonly shardCount: number;
  readonly balances: ReadonlyMap<Address, bigint>;
  readonly coinbase: Address;
  readonly gasLimit: bigint;
  readonly dispatch: boolean;
  readonly transactions: readonly RecoveredTransaction[];
}

const CHAIN_ID = 31_337n;
const GWEI: bigint = 10n ** 9n;
export const ETHER: bigint = 10n ** 18n;
/** Base fee of the chunk, wei a gas. */
export const BASE_FEE: bigint = GWEI;
/** What each gas earns the coinbase, wei. */
export const TIP: bigint = 2n * GWEI;
const PRICE: bigint = BASE_FEE + TIP;

/** The n-th signer, from 1. */
export function signer(n: number): Signer {
  const key = bigintToBytes(BigInt(n), 32);
  return { address: privateKeyToAddress(key), key };
}

/** Where a program stands in every case. */
export function programAddress(name: ProgramName): Address {
  return `0xc0de${(PROGRAM_NAMES.indexOf(name) + 1).toString(16).padStart(36, '0')}`;
}

/** Pays a fixed price: base fee and tip. */
export function signed(transaction: CaseTransaction): RecoveredTransaction {
  const {
    from,
    nonce,
    to,
    value = 0n,
    data = new Uint8Array(0),
    gasLimit = 200_000n,
    authorizations = [],
  } = transaction;
  const base = { chainId: CHAIN_ID, nonce, value, data, gasLimit, accessList: [] };
  const fees = { maxFeePerGas: PRICE, maxPriorityFeePerGas: TIP };
  if (to === null || authorizations.length === 0) return signTransaction({ type: 2, ...base, ...fees, to }, from.key);
  return signTransaction({ type: 4, ...base, ...fees, to, authorizationList: authorizations }, from.key);
}

/** EIP-7702. */
export function authorization(authority: Signer, address: Address, nonce: bigint): Authorization {
  const { yParity, r, s } = signDigest(authorizationDigest({ chainId: CHAIN_ID, address, nonce }), authority.key);
  return { chainId: CHAIN_ID, address, nonce, yParity, r, s };
}

/** What `transaction` costs its sender if it uses this much gas. */
export function feeOf(gasUsed: bigint): bigint {
  return gasUsed * PRICE;
}

/** A block of shard 0. */
export function caseBlock({
  shardCount,
  balances,
  coinbase,
  gasLimit,
  dispatch,
  transactions,
}: CaseOptions): TrialBlock {
  const network = new ChunkNetwork({
    shardCount,
    balances,
    contracts: PROGRAM_NAMES.map((name) => ({ address: programAddress(name), shard: 0, code: PROGRAMS[name] })),
    gasLimit: 30_000_000n,
    baseFeePerGas: BASE_FEE,
    dispatch,
  });
  const [rules] = network.rules;
  if (rules === undefined) throw new Error('there is no shard 0');
  const context = {
    ...network.context(0, coinbase),
    gasLimit,
    baseFees: Array.from({ length: shardCount }, () => BASE_FEE),
  };
  const kinds = new Map(transactions.map(({ hash }) => [hash, 'case']));
  const state = network.state(0);
  return { seed: 1, context, state, rules, candidates: transactions, kinds, gasTarget: gasLimit };
}
