import type { Address } from '@heddle/types';
import { WordMap } from '../../world/word-map.ts';

/** Numbers accounts and slots in the order in which they are first named, from 0. */
export class KeyIndex {
  readonly #accounts: Map<Address, number> = new Map();
  /** Apart from the accounts: most of those have no slots, and a map for each would cost more than all else. */
  readonly #slots: Map<Address, WordMap<number>> = new Map();
  #size = 0;

  /** Keys named so far. */
  get size(): number {
    return this.#size;
  }

  /** The key of an account's nonce, balance and code. */
  account(address: Address): number {
    const known = this.#accounts.get(address);
    if (known !== undefined) return known;
    const key = this.#size++;
    this.#accounts.set(address, key);
    return key;
  }

  slot(address: Address, slot: bigint): number {
    let slots = this.#slots.get(address);
    if (slots === undefined) {
      slots = new WordMap();
      this.#slots.set(address, slots);
    }
    const known = slots.get(slot);
    if (known !== undefined) return known;
    const key = this.#size++;
    slots.set(slot, key);
    return key;
  }
}
