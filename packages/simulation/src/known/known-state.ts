import type { Account } from '@heddle/state';
import type { Address, Hash } from '@heddle/types';
import { BoundedCache } from './bounded-cache.ts';

/** Bytes that an account takes here with its key, about; a slot takes half. */
const ACCOUNT_BYTES = 640;
const SLOT_BYTES = 320;
const CODE_OVERHEAD_BYTES = 200;

/** Never wrong, wherever they are used: what a root, or a hash, names stays the same. */
export interface Facts {
  readonly accounts: readonly { readonly root: Hash; readonly address: Address; readonly account: Account | null }[];
  readonly slots: readonly { readonly storageRoot: Hash; readonly slot: bigint; readonly value: bigint }[];
  readonly codes: readonly { readonly codeHash: Hash; readonly code: Uint8Array }[];
}

/**
 * What was read of state, within bounds. Accounts are named by the state's root, slots by their storage's root: as long as a
 * contract's storage does not change, what was read of it is known for later blocks too.
 */
export class KnownState {
  readonly #words: BoundedCache<bigint>;
  readonly #accounts: BoundedCache<Account | null>;
  readonly #codes: BoundedCache<Uint8Array>;

  constructor(stateBytes: number, codeBytes: number) {
    this.#accounts = new BoundedCache(stateBytes / 2);
    this.#words = new BoundedCache(stateBytes / 2);
    this.#codes = new BoundedCache(codeBytes);
  }

  learn({ accounts, slots, codes }: Facts): void {
    for (const { root, address, account } of accounts) this.learnAccount(root, address, account);
    for (const { storageRoot, slot, value } of slots) this.learnSlot(storageRoot, slot, value);
    for (const { codeHash, code } of codes) this.learnCode(codeHash, code);
  }

  learnAccount(root: Hash, address: Address, account: Account | null): void {
    this.#accounts.set(root + address, account, ACCOUNT_BYTES);
  }

  learnSlot(storageRoot: Hash, slot: bigint, value: bigint): void {
    this.#words.set(slotKey(storageRoot, slot), value, SLOT_BYTES);
  }

  learnCode(codeHash: Hash, code: Uint8Array): void {
    this.#codes.set(codeHash, code, code.length + CODE_OVERHEAD_BYTES);
  }

  /** Undefined: not known. Null: there is none. */
  account(root: Hash, address: Address): Account | null | undefined {
    return this.#accounts.get(root + address);
  }

  slot(storageRoot: Hash, slot: bigint): bigint | undefined {
    return this.#words.get(slotKey(storageRoot, slot));
  }

  code(codeHash: Hash): Uint8Array | undefined {
    return this.#codes.get(codeHash);
  }
}

function slotKey(storageRoot: Hash, slot: bigint): string {
  return storageRoot + slot.toString(36);
}
