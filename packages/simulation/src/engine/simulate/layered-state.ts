import type { Account, StateChanges, StateReader } from '@heddle/state';
import { type Address, EMPTY_TRIE_ROOT, type Hash } from '@heddle/types';

/** One shard's state with what blocks have changed on it. Storage roots stay those below: code sees only whether one is empty. */
export class LayeredState implements StateReader {
  readonly #below: StateReader;
  readonly #accounts: Map<Address, Account | null> = new Map();
  readonly #storage: Map<Address, Map<bigint, bigint>> = new Map();
  readonly #codes: Map<Hash, Uint8Array> = new Map();

  constructor(below: StateReader) {
    this.#below = below;
  }

  apply({ accounts, storage, codes }: StateChanges): void {
    for (const [address, account] of accounts) {
      const storageRoot = this.account(address)?.storageRoot ?? EMPTY_TRIE_ROOT;
      this.#accounts.set(address, account === null ? null : { ...account, storageRoot });
    }
    for (const [address, slots] of storage) {
      const known = this.#storage.get(address) ?? new Map<bigint, bigint>();
      for (const [slot, value] of slots) known.set(slot, value);
      this.#storage.set(address, known);
    }
    for (const [codeHash, code] of codes) this.#codes.set(codeHash, code);
  }

  account(address: Address): Account | null {
    const changed = this.#accounts.get(address);
    return changed === undefined ? this.#below.account(address) : changed;
  }

  storage(address: Address, slot: bigint): bigint {
    return this.#storage.get(address)?.get(slot) ?? this.#below.storage(address, slot);
  }

  code(codeHash: Hash): Uint8Array {
    return this.#codes.get(codeHash) ?? this.#below.code(codeHash);
  }
}

/** The states of all shards while blocks are simulated. */
export class LayeredStates {
  #states: readonly LayeredState[];

  constructor(states: readonly StateReader[]) {
    this.#states = states.map((state) => new LayeredState(state));
  }

  get all(): readonly StateReader[] {
    return this.#states;
  }

  /** By shard. */
  apply(changes: readonly StateChanges[]): void {
    for (const [shard, state] of this.#states.entries()) {
      const ofShard = changes[shard];
      if (ofShard !== undefined) state.apply(ofShard);
    }
  }

  /** `change` makes other states of them, which later changes come on top of. */
  replace(change: (states: readonly StateReader[]) => readonly StateReader[]): void {
    const changed = change(this.#states);
    if (changed !== this.#states) this.#states = changed.map((state) => new LayeredState(state));
  }
}
