import { keccak256Hex } from '@heddle/primitives';
import type { Account, StateReader } from '@heddle/state';
import {
  type AccountAccess,
  type Address,
  type BlockAccessList,
  EMPTY_CODE_HASH,
  EMPTY_TRIE_ROOT,
  type Hash,
  type StorageChange,
} from '@heddle/types';

/** Behind every index of a list. */
export const LAST_INDEX: number = Number.POSITIVE_INFINITY;

/**
 * What a chunk's transactions have seen: the state below it, and over that what its access list (EIP-7928) says of the
 * indices before them. So any of them can be executed again without those before it.
 */
export class ListedState {
  readonly #below: StateReader;
  readonly #accounts: Map<Address, AccountAccess> = new Map();
  readonly #slots: Map<Address, ReadonlyMap<bigint, StorageChange['changes']>> = new Map();
  readonly #codes: Map<Hash, Uint8Array> = new Map();
  readonly #hashes: Map<Uint8Array, Hash> = new Map();

  constructor(below: StateReader, list: BlockAccessList) {
    this.#below = below;
    for (const access of list) {
      this.#accounts.set(access.address, access);
      if (access.storageChanges.length > 0) {
        this.#slots.set(access.address, new Map(access.storageChanges.map(({ slot, changes }) => [slot, changes])));
      }
      for (const { code } of access.codeChanges) {
        const hash = code.length === 0 ? EMPTY_CODE_HASH : keccak256Hex(code);
        this.#hashes.set(code, hash);
        this.#codes.set(hash, code);
      }
    }
  }

  /** The state after `index`; −1 is the one below. */
  after(index: number): StateReader {
    return {
      account: (address) => this.#account(address, index),
      storage: (address, slot) => this.#storage(address, slot, index),
      code: (codeHash) => this.#codes.get(codeHash) ?? this.#below.code(codeHash),
    };
  }

  #account(address: Address, index: number): Account | null {
    const below = this.#below.account(address);
    const access = this.#accounts.get(address);
    if (access === undefined) return below;
    const code = newest(access.codeChanges, index)?.code;
    const nonce = newest(access.nonceChanges, index)?.nonce ?? below?.nonce ?? 0n;
    const balance = newest(access.balanceChanges, index)?.balance ?? below?.balance ?? 0n;
    const known = code === undefined ? below?.codeHash : this.#hashes.get(code);
    const codeHash = known ?? EMPTY_CODE_HASH;
    // EIP-161: an empty account is none.
    if (nonce === 0n && balance === 0n && codeHash === EMPTY_CODE_HASH) return null;
    return { nonce, balance, codeHash, storageRoot: below?.storageRoot ?? EMPTY_TRIE_ROOT };
  }

  #storage(address: Address, slot: bigint, index: number): bigint {
    const changes = this.#slots.get(address)?.get(slot);
    const change = changes === undefined ? undefined : newest(changes, index);
    return change === undefined ? this.#below.storage(address, slot) : change.value;
  }
}

/** The last change at or before `index`: changes are in order of their indices. */
function newest<Change extends { readonly index: number }>(
  changes: readonly Change[],
  index: number,
): Change | undefined {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle]?.index ?? LAST_INDEX) <= index) low = middle + 1;
    else high = middle;
  }
  return changes[low - 1];
}
