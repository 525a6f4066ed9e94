import { bigintToBytes, privateKeyToAddress, signDigest } from '@heddle/primitives';
import {
  type AccessList,
  type Address,
  type Authorization,
  authorizationDigest,
  type RecoveredTransaction,
  signTransaction,
  type UnsignedTransaction,
} from '@heddle/types';
import type { Random } from './random.ts';
import { initCode, randomProgram } from './random-program.ts';

export const CHAIN_ID = 31337n;
export const BASE_FEE = 7n;

interface Wallet {
  readonly key: Uint8Array;
  readonly address: Address;
  nonce: bigint;
}

/** Accounts and contracts that random transactions move among. */
export class RandomWorld {
  readonly wallets: readonly Wallet[];
  readonly contracts: readonly { readonly address: Address; readonly code: Uint8Array }[];
  readonly #random: Random;
  readonly #addresses: readonly Address[];

  constructor(random: Random) {
    this.#random = random;
    this.wallets = Array.from({ length: 6 }, (_, index) => {
      const key = bigintToBytes(BigInt(index + 1), 32);
      return { key, address: privateKeyToAddress(key), nonce: 0n };
    });
    const contractAddresses = Array.from({ length: 14 }, (_, index) => numbered(0xc0de00 + index));
    const precompiles = [1, 2, 3, 4, 5, 6, 7, 9, 0x0b, 0x100].map(numbered);
    const strangers = [numbered(0xdead01), numbered(0xdead02), numbered(0xdead03)];
    this.#addresses = [
      ...contractAddresses,
      ...contractAddresses,
      ...this.wallets.map((wallet) => wallet.address),
      ...precompiles,
      ...strangers,
    ];
    const surroundings = { addresses: this.#addresses };
    this.contracts = contractAddresses.map((address) => ({ address, code: randomProgram(random, surroundings) }));
  }

  /** A valid transaction but for funds and gas, signed by one of the wallets; its nonce counts as used. */
  transaction(): RecoveredTransaction {
    const random = this.#random;
    const wallet = random.pick(this.wallets);
    const fields = this.#fields(wallet);
    wallet.nonce += 1n;
    return signTransaction(fields, wallet.key);
  }

  #fields(wallet: Wallet): UnsignedTransaction {
    const random = this.#random;
    const { nonce } = wallet;
    const isCreation = random.chance(12);
    const data = isCreation
      ? this.#creationData()
      : random.chance(20)
        ? new Uint8Array(0)
        : random.bytes(random.below(150));
    const base = {
      chainId: CHAIN_ID,
      nonce,
      gasLimit: BigInt(60_000 + 25_000 * random.below(2) + random.below(800_000) + 16 * data.length),
      value: random.chance(40) ? 0n : BigInt(random.below(10_000)),
      data,
    };
    const to = isCreation ? null : random.pick(this.#addresses);
    const gasPrice = BASE_FEE + BigInt(random.below(20));
    const fees = { maxFeePerGas: gasPrice, maxPriorityFeePerGas: BigInt(random.below(Number(gasPrice) + 1)) };
    switch (random.below(4)) {
      case 0:
        return { type: 0, ...base, to, gasPrice };
      case 1:
        return { type: 1, ...base, to, gasPrice, accessList: this.#accessList() };
      case 2:
        return { type: 2, ...base, to, ...fees, accessList: this.#accessList() };
      default: {
        const authorizationList = this.#authorizations(wallet);
        const gasLimit = base.gasLimit + 25_000n * BigInt(authorizationList.length);
        const target = to ?? random.pick(this.#addresses);
        return { type: 4, ...base, gasLimit, to: target, ...fees, accessList: this.#accessList(), authorizationList };
      }
    }
  }

  #creationData(): Uint8Array {
    const random = this.#random;
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

  /** Good ones use up the authority's nonce; one in four is bad (nonce or chain). */
  #authorizations(sender: Wallet): readonly Authorization[] {
    const random = this.#random;
    return Array.from({ length: 1 + random.below(2) }, () => {
      const authority = random.pick(this.wallets);
      const isBad = random.chance(25);
      // The sender's own nonce is used by the transaction before its authorization is looked at.
      const nonce = authority.nonce + (authority === sender ? 1n : 0n) + (isBad ? 5n : 0n);
      const chainId = random.chance(30) ? 0n : CHAIN_ID;
      const address = random.chance(15) ? numbered(0) : random.pick(this.#addresses);
      const { yParity, r, s } = signDigest(authorizationDigest({ chainId, address, nonce }), authority.key);
      if (!isBad) authority.nonce += 1n;
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
