import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';
import type { AccountValues } from '../world/changes.ts';
import { WordMap } from '../world/word-map.ts';
import type { TouchedAccount } from './results.ts';

/** What one lane sees: the state below it, and over that what its own transactions have changed. */
export class LaneState implements StateReader {
  readonly #below: StateReader;
  readonly #accounts: Map<Address, Account | null> = new Map();
  readonly #slots: Map<Address, WordMap<bigint>> = new Map();
  readonly #codes: Map<Hash, Uint8Array> = new Map();

  constructor(below: StateReader) {
    this.#below = below;
  }

  account(address: Address): Account | null {
    const changed = this.#accounts.get(address);
    return changed === undefined ? this.#below.account(address) : changed;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#slots.get(address)?.get(slot) ?? this.#below.storage(address, slot);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.get(codeHash) ?? this.#below.code(codeHash);
  }

  /** Takes over what a transaction of the lane has changed. */
  apply(touched: readonly TouchedAccount[]): void {
    for (const account of touched) {
      if (isChanged(account)) this.#setAccount(account);
      for (const { slot, before, after } of account.slots) {
        if (after !== before) this.#setSlot(account.address, slot, after);
      }
    }
  }

  #setAccount({ address, after, code }: TouchedAccount): void {
    const storageRoot = this.account(address)?.storageRoot ?? EMPTY_TRIE_ROOT;
    this.#accounts.set(address, isEmpty(after) ? null : { ...after, storageRoot });
    if (code !== null) this.#codes.set(after.codeHash, code);
  }

  #setSlot(address: Address, slot: bigint, value: bigint): void {
    let slots = this.#slots.get(address);
    if (slots === undefined) {
      slots = new WordMap();
      this.#slots.set(address, slots);
    }
    slots.set(slot, value);
  }
}

/** EIP-161. */
function isEmpty({ nonce, balance, codeHash }: AccountValues): boolean {
  return nonce === 0n && balance === 0n && codeHash === EMPTY_CODE_HASH;
}

/** Whether its nonce, balance or code differs from before. */
export function isChanged({ before, after }: TouchedAccount): boolean {
  if (before === null) return !isEmpty(after);
  return after.nonce !== before.nonce || after.balance !== before.balance || after.codeHash !== before.codeHash;
}
