import { signDigest } from '@heddle/primitives';
import {
  type AccessList,
  type Address,
  type Authorization,
  authorizationDigest,
  encodeTransaction,
  type RecoveredTransaction,
  signingDigest,
  type UnsignedTransaction,
} from '@heddle/types';
import type { Random } from '../random.ts';
import type { Arena, Wallet } from './arena.ts';
import type { ProgramName } from './programs.ts';

/** What a transaction is there to try. */
export type Kind = string;

/** A transaction before it is signed. */
export interface Draft {
  readonly kind: Kind;
  readonly wallet: Wallet;
  readonly fields: UnsignedTransaction;
}

/** What a kind decides of its transaction; the scene fills in the rest. */
export interface Wish {
  readonly to: Address | null;
  readonly wallet?: Wallet;
  readonly value?: bigint;
  readonly data?: Uint8Array;
  readonly gasLimit?: bigint;
  readonly accessList?: AccessList;
  /** The producer leaves it out, whatever the state: its nonce stays free. */
  readonly isRefused?: boolean;
}

const GWEI = 10n ** 9n;
const CHAIN_ID = 31_337n;
const NO_DATA = new Uint8Array(0);
/** Percent of transactions with a nonce that is not the next one. */
const WRONG_NONCE_PERCENT = 4;
/** Percent of transactions that do not pay the base fee. */
const CHEAP_PERCENT = 2;
/** Percent of blocks without tips. */
const STINGY_PERCENT = 4;

/** The making of one block's transactions: who is there, and which nonces are used up. */
export class Scene {
  readonly random: Random;
  readonly arena: Arena;
  readonly coinbase: Address;
  /** The few accounts that everybody of this block deals with. */
  readonly hot: readonly Wallet[];
  /** Nobody tips: the coinbase is touched all the same. */
  readonly #isStingy: boolean;
  readonly #nonces: Map<Address, bigint> = new Map();

  constructor(random: Random, arena: Arena, coinbase: Address) {
    this.random = random;
    this.arena = arena;
    this.coinbase = coinbase;
    this.#isStingy = random.chance(STINGY_PERCENT);
    this.hot = Array.from({ length: 2 }, () => random.pick(arena.wallets));
  }

  draft(kind: Kind, wish: Wish): Draft {
    const wallet = wish.wallet ?? this.anyone();
    const { to, value = 0n, data = NO_DATA, gasLimit = 300_000n } = wish;
    const nonce = wish.isRefused === true ? this.#nextNonce(wallet.address) : this.#takeNonce(wallet);
    return { kind, wallet, fields: this.#fields({ nonce, value, data, gasLimit }, to, wish.accessList ?? [], []) };
  }

  anyone(): Wallet {
    return this.random.pick(this.arena.wallets);
  }

  /** A wallet of the hot ones, more often than not. */
  someHot(): Wallet {
    return this.random.chance(80) ? this.random.pick(this.hot) : this.anyone();
  }

  /** An account that has not been seen before, wherever it is at home. */
  stranger(): Address {
    return `0x${Buffer.from(this.random.bytes(20)).toString('hex')}`;
  }

  /** Signed by `authority`; uses its nonce up unless `isGood` is false. */
  authorize(authority: Wallet, address: Address, isGood: boolean): Authorization {
    const next = this.#nextNonce(authority.address);
    const nonce = isGood ? next : next + 3n;
    const chainId = this.random.chance(30) ? 0n : CHAIN_ID;
    const { yParity, r, s } = signDigest(authorizationDigest({ chainId, address, nonce }), authority.key);
    if (isGood) this.#nonces.set(authority.address, next + 1n);
    return { chainId, address, nonce, yParity, r, s };
  }

  /** A type 4 of `wallet`; its own nonce is used up before its authorizations are looked at (EIP-7702). */
  delegate(kind: Kind, wallet: Wallet, to: Address, authorize: () => readonly Authorization[]): Draft {
    const base = { nonce: this.#takeNonce(wallet), value: 0n, data: NO_DATA, gasLimit: 400_000n };
    return { kind, wallet, fields: this.#fields(base, to, [], authorize()) };
  }

  /** The arena's contract of this name. */
  program(name: ProgramName): Address {
    const address = this.arena.programs.get(name);
    if (address === undefined) throw new Error(`the arena has no ${name}`);
    return address;
  }

  #nextNonce(address: Address): bigint {
    return this.#nonces.get(address) ?? this.arena.state.account(address)?.nonce ?? 0n;
  }

  #takeNonce(wallet: Wallet): bigint {
    const next = this.#nextNonce(wallet.address);
    if (this.random.chance(WRONG_NONCE_PERCENT)) {
      return this.random.chance(50) || next === 0n ? next + 1n + BigInt(this.random.below(2)) : next - 1n;
    }
    this.#nonces.set(wallet.address, next + 1n);
    return next;
  }

  #fields(
    base: Pick<UnsignedTransaction, 'nonce' | 'value' | 'data' | 'gasLimit'>,
    to: Address | null,
    accessList: AccessList,
    authorizationList: readonly Authorization[],
  ): UnsignedTransaction {
    const { random } = this;
    const price = random.chance(CHEAP_PERCENT) ? GWEI / 2n : (3n + BigInt(random.below(40))) * GWEI;
    const tip = this.#isStingy ? 0n : (price * BigInt(random.below(4))) / 40n;
    const fees = { maxFeePerGas: price, maxPriorityFeePerGas: tip };
    const chainId = CHAIN_ID;
    if (to !== null && authorizationList.length > 0) {
      return { type: 4, chainId, to, ...base, ...fees, accessList, authorizationList };
    }
    if (accessList.length > 0 && random.chance(50))
      return { type: 1, chainId, to, ...base, gasPrice: price, accessList };
    if (accessList.length > 0 || random.chance(70)) return { type: 2, chainId, to, ...base, ...fees, accessList };
    return { type: 0, chainId, to, ...base, gasPrice: price };
  }
}

export function sign({ fields, wallet }: Draft): RecoveredTransaction {
  const signed = encodeTransaction(fields, signDigest(signingDigest(fields), wallet.key));
  return { ...signed, sender: wallet.address };
}
