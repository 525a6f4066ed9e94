import type { Account, StateReader } from '@heddle/state';
import { type Address, EMPTY_CODE_HASH, EMPTY_TRIE_ROOT } from '@heddle/types';
import type { StorageWrite } from '../../src/index.ts';

/** What every account that is there looks like. */
const SOMEBODY: Account = { nonce: 1n, balance: 0n, codeHash: EMPTY_CODE_HASH, storageRoot: EMPTY_TRIE_ROOT };

/** Storage words in a map, and accounts that are there or not. */
export class MapState implements StateReader {
  readonly #words = new Map<string, bigint>();
  readonly #accounts = new Set<Address>();

  account(address: Address): Account | null {
    return this.#accounts.has(address) ? SOMEBODY : null;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#words.get(`${address}/${slot}`) ?? 0n;
  }

  code(): Uint8Array {
    return new Uint8Array(0);
  }

  put(address: Address): void {
    this.#accounts.add(address);
  }

  apply(writes: readonly StorageWrite[]): void {
    for (const { address, slot, value } of writes) this.#words.set(`${address}/${slot}`, value);
  }

  get size(): number {
    return this.#words.size;
  }
}
