import type { ValidatorNode } from '@heddle/node';
import { EMPTY_BYTES, signDigest } from '@heddle/primitives';
import type { Dice } from '@heddle/runtime';
import {
  type Address,
  authorizationDigest,
  MAX_TRANSACTION_GAS,
  type RecoveredTransaction,
  signTransaction,
  type UnsignedTransaction,
  ZERO_ADDRESS,
} from '@heddle/types';
import type { SimulatedGenesis, UserAccount } from './genesis.ts';
import type { Users } from './users.ts';

const FEES = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
/** As much as the pool takes of one transaction, nearly; a batch of them is more than one message takes. */
const HEAVY_BYTES = 120 * 1_024;
const HEAVY_COUNT = 9;
const ZERO_SLOT = `0x${'00'.repeat(32)}` as const;

export interface HostileUsersPorts {
  readonly genesis: SimulatedGenesis;
  readonly dice: Dice;
  readonly users: Users;
  nodes(): readonly ValidatorNode[];
}

/**
 * Users whose every transaction is valid and meant to harm: refunds above the work at its target, gas that is declared
 * and not used, calldata that waits behind a missing nonce. All of them have to be executed like anybody's.
 */
export class HostileUsers {
  readonly #ports: HostileUsersPorts;
  readonly #nonces = new Map<Address, bigint>();
  /** Transactions that others of their senders wait for. */
  #missing: RecoveredTransaction[] = [];

  constructor(ports: HostileUsersPorts) {
    this.#ports = ports;
  }

  /** One of their transactions, or a batch. */
  act(): void {
    const { genesis, dice } = this.#ports;
    const from = dice.pick(genesis.hostile);
    dice.pick([this.#authorize, this.#refund, this.#reserve, this.#fillPool]).call(this, from);
  }

  /** The nonces that are missing come too: whatever waits can go now. */
  end(): void {
    for (const transaction of this.#missing) this.#ports.users.bring(transaction, null);
    this.#missing = [];
  }

  /** EIP-7702: an authorization of an account that exists gives gas back, more than a transfer to another shard costs there. */
  #authorize(from: UserAccount): void {
    const { genesis, users } = this.#ports;
    const { chainId } = genesis.genesis;
    const nonce = this.#nonce(from, 2n);
    const claim = { chainId, address: ZERO_ADDRESS, nonce: nonce + 1n };
    const { yParity, r, s } = signDigest(authorizationDigest(claim), from.privateKey);
    const authorizationList = [{ ...claim, yParity, r, s }];
    const order = { nonce, gasLimit: 100_000n, to: this.#elsewhere(from), value: 0n, data: EMPTY_BYTES };
    const fields = { type: 4, chainId, accessList: [], authorizationList, ...FEES, ...order } as const;
    users.bring(signTransaction(fields, from.privateKey), null);
  }

  /** A call that clears a slot which its access list has paid for at home: the refund is above the work at the target. */
  #refund(from: UserAccount): void {
    const { genesis, dice, users } = this.#ports;
    const to = dice.pick(genesis.switches);
    const accessList = [{ address: to, storageKeys: [ZERO_SLOT] }];
    const fields = { ...this.#plain(from), gasLimit: 60_000n, to, accessList };
    users.bring(signTransaction(fields, from.privateKey), null);
  }

  /** The most gas that may be declared, for a transfer to another shard. */
  #reserve(from: UserAccount): void {
    const fields = { ...this.#plain(from), gasLimit: MAX_TRANSACTION_GAS, to: this.#elsewhere(from) };
    this.#ports.users.bring(signTransaction(fields, from.privateKey), null);
  }

  /** One validator gets more calldata than fits one message, all of it behind a transaction that nobody has. */
  #fillPool(from: UserAccount): void {
    if (this.#missing.length > 0) return this.#reserve(from);
    const { dice, nodes, users } = this.#ports;
    const running = nodes();
    const node = running.length === 0 ? null : dice.pick(running);
    this.#missing.push(signTransaction({ ...this.#plain(from), to: from.address }, from.privateKey));
    for (let i = 0; i < HEAVY_COUNT; i++) {
      const heavy = { ...this.#plain(from), to: from.address, data: new Uint8Array(HEAVY_BYTES), gasLimit: 2_000_000n };
      users.bring(signTransaction(heavy, from.privateKey), node);
    }
  }

  #plain(from: UserAccount): Extract<UnsignedTransaction, { readonly type: 2 }> {
    const { chainId } = this.#ports.genesis.genesis;
    const nonce = this.#nonce(from, 1n);
    return {
      type: 2,
      chainId,
      nonce,
      gasLimit: 21_000n,
      to: null,
      value: 0n,
      data: EMPTY_BYTES,
      accessList: [],
      ...FEES,
    };
  }

  /** The account's next nonce, which uses up so many of them. */
  #nonce({ address }: UserAccount, count: bigint): bigint {
    const nonce = this.#nonces.get(address) ?? 0n;
    this.#nonces.set(address, nonce + count);
    return nonce;
  }

  /** An account of another shard, where there is one. */
  #elsewhere({ shard }: UserAccount): Address {
    const { genesis, dice } = this.#ports;
    const others = genesis.accounts.filter((account) => account.shard !== shard);
    return dice.pick(others.length > 0 ? others : genesis.accounts).address;
  }
}
