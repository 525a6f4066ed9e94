import { bigintToBytes, bytesToHex, privateKeyToAddress, signDigest } from '@heddle/primitives';
import {
  type AccessList,
  type Address,
  type Authorization,
  authorizationDigest,
  type BlobTransaction,
  type Hash,
  type RecoveredTransaction,
  signTransaction,
  type UnsignedTransaction,
} from '@heddle/types';
import { blobBaseFee } from './blob-base-fee.ts';
import type { Order, Scenario } from './differential/scenario.ts';
import type { Random } from './random.ts';
import { PRECOMPILE_NUMBERS, randomPrecompileInput } from './random-precompile-input.ts';
import { initCode, randomProgram } from './random-program.ts';

export const CHAIN_ID = 31337n;
export const BASE_FEE = 7n;
/** At which a gas of blobs costs 11 wei: its base fee is e^(excess / fraction). */
export const EXCESS_BLOB_GAS = 12_100_000n;
/** EIP-7691: the fraction since Prague, which Osaka keeps. */
export const BLOB_UPDATE_FRACTION = 5_007_716n;
export const BLOB_BASE_FEE: bigint = blobBaseFee(EXCESS_BLOB_GAS, BLOB_UPDATE_FRACTION);

/** An externally owned account with its key. */
export interface Wallet {
  readonly key: Uint8Array;
  readonly address: Address;
}

/** The nonce that an account has where the next transaction will execute. */
export type NonceOf = (address: Address) => bigint;

/** Makes the scenario among these wallets and other addresses. */
export type ScenarioOf = (wallets: readonly Address[], others: readonly Address[]) => Scenario;

/** Accounts and contracts that random transactions move among. */
export class RandomWorld {
  readonly wallets: readonly Wallet[];
  readonly contracts: readonly { readonly address: Address; readonly code: Uint8Array }[];
  readonly #random: Random;
  readonly #addresses: readonly Address[];
  readonly #scenario: Scenario | null;

  /** With a scenario there are its contracts beside, and no blobs, which chunks and sections do not carry. */
  constructor(random: Random, scenarioOf: ScenarioOf | null) {
    this.#random = random;
    this.wallets = Array.from({ length: 6 }, (_, index) => {
      const key = bigintToBytes(BigInt(index + 1), 32);
      return { key, address: privateKeyToAddress(key) };
    });
    const contractAddresses = Array.from({ length: 14 }, (_, index) => numbered(0xc0de00 + index));
    const precompiles = PRECOMPILE_NUMBERS.map(numbered);
    const strangers = [numbered(0xdead01), numbered(0xdead02), numbered(0xdead03)];
    const wallets = this.wallets.map((wallet) => wallet.address);
    const usual = [...contractAddresses, ...contractAddresses, ...wallets, ...precompiles, ...strangers];
    this.#scenario = scenarioOf === null ? null : scenarioOf(wallets, usual);
    this.#addresses = [...usual, ...(this.#scenario?.addresses ?? [])];
    const surroundings = { addresses: this.#addresses };
    this.contracts = [
      ...contractAddresses.map((address) => ({ address, code: randomProgram(random, surroundings) })),
      ...(this.#scenario?.contracts ?? []),
    ];
  }

  /** Who is named, some more often than others. */
  get addresses(): readonly Address[] {
    return this.#addresses;
  }

  /** Where creations may put something. */
  get unborn(): readonly Address[] {
    return this.#scenario?.unborn ?? [];
  }

  /** Signed by one of `senders`, which are wallets; mostly valid, but for funds and gas. */
  transaction(nonceOf: NonceOf, senders: readonly Wallet[]): RecoveredTransaction {
    const wallet = this.#random.pick(senders);
    return signTransaction(this.#fields(wallet, nonceOf), wallet.key);
  }

  #fields(wallet: Wallet, nonceOf: NonceOf): UnsignedTransaction {
    const random = this.#random;
    const nonce = nonceOf(wallet.address) + (random.chance(3) ? 1n : 0n);
    const { to, data } = this.#order();
    const base = {
      chainId: CHAIN_ID,
      nonce,
      gasLimit: this.#gasLimit(data),
      value: random.chance(40) ? 0n : BigInt(random.below(10_000)),
      data,
    };
    const gasPrice = BASE_FEE + BigInt(random.below(20));
    const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: BigInt(random.below(Number(gasPrice) + 1)) };
    const target = to ?? random.pick(this.#addresses);
    switch (this.#scenario === null ? random.below(5) : random.pick([0, 1, 2, 4])) {
      case 0:
        return { type: 0, ...base, to, gasPrice };
      case 1:
        return { type: 1, ...base, to, gasPrice, accessList: this.#accessList() };
      case 2:
        return { type: 2, ...base, to, ...fees, accessList: this.#accessList() };
      case 3:
        return { type: 3, ...base, to: target, ...fees, accessList: this.#accessList(), ...this.#blobs() };
      default: {
        const authorizationList = this.#authorizations(wallet, nonceOf);
        const gasLimit = base.gasLimit + 25_000n * BigInt(authorizationList.length);
        return { type: 4, ...base, gasLimit, to: target, ...fees, accessList: this.#accessList(), authorizationList };
      }
    }
  }

  #order(): Omit<Order, 'to'> & { readonly to: Address | null } {
    const random = this.#random;
    if (this.#scenario !== null && random.chance(60)) return this.#scenario.order(random);
    if (random.chance(12)) return { to: null, data: this.#creationData() };
    const to = random.pick(this.#addresses);
    return { to, data: random.chance(20) ? new Uint8Array(0) : this.#callData(to) };
  }

  /** Mostly enough; some is less than the call data costs, some runs out on the way. */
  #gasLimit(data: Uint8Array): bigint {
    const random = this.#random;
    const least = 53_000 + 40 * data.length;
    if (random.chance(8)) return BigInt(21_000 + random.below(least));
    return BigInt(least + random.below(random.chance(15) ? 6_000_000 : 800_000));
  }

  /** What a precompile understands, if it is one that is called. */
  #callData(to: Address): Uint8Array {
    const random = this.#random;
    const number = PRECOMPILE_NUMBERS.find((each) => numbered(each) === to);
    return number === undefined ? random.bytes(random.below(150)) : randomPrecompileInput(random, number);
  }

  /** One in eight breaks a rule: none, too many, another version, or less than the price. */
  #blobs(): Pick<BlobTransaction, 'maxFeePerBlobGas' | 'blobVersionedHashes'> {
    const random = this.#random;
    const count = random.chance(3) ? 0 : random.chance(3) ? 7 : 1 + random.below(6);
    const version = random.chance(3) ? '02' : '01';
    const blobVersionedHashes = Array.from({ length: count }, (): Hash => {
      return `0x${version}${bytesToHex(random.bytes(31)).slice(2)}`;
    });
    return {
      maxFeePerBlobGas: BLOB_BASE_FEE + BigInt(random.below(9)) - (random.chance(3) ? 9n : 0n),
      blobVersionedHashes,
    };
  }

  #creationData(): Uint8Array {
    const random = this.#random;
    if (this.#scenario !== null && random.chance(50)) return this.#scenario.initCode(random);
    const program = randomProgram(random, { addresses: this.#addresses });
    return random.chance(50) ? program : initCode(program.subarray(0, 200));
  }

  #accessList(): AccessList {
    const random = this.#random;
    return Array.from({ length: random.below(3) }, () => ({
      address: random.pick(this.#addresses),
      storageKeys: Array.from({ length: random.below(3) }, () => wordHex(random.below(6))),
    }));
  }

  /** Good ones use up the authority's nonce; one in four is bad. */
  #authorizations(sender: Wallet, nonceOf: NonceOf): readonly Authorization[] {
    const random = this.#random;
    // The sender's own nonce is used by the transaction before its authorization is looked at.
    const used = new Map<Address, bigint>([[sender.address, 1n]]);
    return Array.from({ length: 1 + random.below(2) }, () => {
      const authority = random.pick(this.wallets);
      const isBad = random.chance(25);
      const before = used.get(authority.address) ?? 0n;
      const nonce = nonceOf(authority.address) + before + (isBad ? 5n : 0n);
      const chainId = random.chance(30) ? 0n : CHAIN_ID;
      const address = random.chance(15) ? numbered(0) : random.pick(this.#addresses);
      const { yParity, r, s } = signDigest(authorizationDigest({ chainId, address, nonce }), authority.key);
      if (!isBad) used.set(authority.address, before + 1n);
      return { chainId, address, nonce, yParity, r, s };
    });
  }
}

export function numbered(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

function wordHex(number: number): `0x${string}` {
  return `0x${number.toString(16).padStart(64, '0')}`;
}
